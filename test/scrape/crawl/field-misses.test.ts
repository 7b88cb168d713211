import { expect, it } from 'vitest';
import { type FieldMisses, noteMisses } from '../../../src/scrape/crawl/field-misses.ts';
import { describeUnmatchedSelectors } from '../../../src/scrape/crawl/selector-matches.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { configOf } from '../extract/fixtures.ts';

const RECIPE = `<script type="application/ld+json">{"@graph": [{"@type": "Recipe", "name": "Soup",
  "totalTime": "PT1H", "author": {"@type": "Person"}}, {"@type": "BreadcrumbList"}]}</script><h1>Soup</h1>`;
const ANSWER = JSON.stringify({
  data: { items: [{ code: 7, offer: { sku: 'a' }, tags: [{ name: 'x' }, {}] }] },
});

function warningsOf(body: string, type: string, yaml: string): string[] {
  const page = loadPage(Buffer.from(body), type, 'http://shop.test/');
  const config = configOf(yaml);
  const { matches } = extractRows(page, config);
  const misses: FieldMisses = {};
  noteMisses(misses, config, { page, matches });
  return describeUnmatchedSelectors(config, { matches, misses });
}

it.each([
  ['json:$.data.items[*].sku', '$ is an object with code, offer, tags. Did you mean $.offer.sku?'],
  ['json:$.cod', '$ is an object with code, offer, tags. Did you mean $.code?'],
  ['json:$.offer.price', '$.offer is an object with sku'],
  ['json:$.code.x', '$.code is a number'],
  [
    'json:$.tags.name',
    '$.tags is a list of 2, the first with name. Did you mean $.tags[0].name or $.tags[*].name?',
  ],
  ['json:$.tags.x', '$.tags is a list of 2, the first with name. Did you mean $.tags[0] or $.tags[*]?'],
  ['json:$.tags.sku', '$.tags is a list of 2, the first with name. Did you mean $.offer.sku?'],
  ['json:$.offer.sku.x', '$.offer.sku is a text, "a"'],
  [
    'json:$.tags.nmae',
    '$.tags is a list of 2, the first with name. Did you mean $.tags[0].name or $.tags[*].name?',
  ],
])('a field %s that is empty in all rows of data says where its path stops', (selector, told) => {
  const yaml = `item: "json:$.data.items[*]"\nselectors: {code: "json:$.code", x: "${selector}"}`;
  expect(warningsOf(ANSWER, 'application/json', yaml)).toEqual([
    `x is empty in all items: its selector (${selector}) matched nothing: ${told}`,
  ]);
});

it.each([
  ['jsonld:Recipe $.cookTime', '$ is an object with @type, name, totalTime, author'],
  ['jsonld:Soup $.name', 'the page has no Soup in its jsonld data, but Recipe, Person, BreadcrumbList'],
  ['microdata:Recipe $.name', 'the page has no Recipe in its microdata data'],
  ['opengraph:$.title', 'the page has no opengraph data'],
  ['json:$.name', 'the page is HTML'],
])('a field %s names what the page says for search engines', (selector, told) => {
  const yaml = `selectors: {title: h1, x: "${selector}"}`;
  const [warning, ...others] = warningsOf(RECIPE, 'text/html', yaml);
  expect(warning).toContain(`matched nothing: ${told}`);
  expect(others).toEqual([]);
});

it('a field of the detail pages among those of the list is told where it belongs', () => {
  const yaml = `selectors: {title: h1, x: "jsonld:Product $.sku"}\nfollow: {selector: a, selectors: {y: p}}`;
  expect(warningsOf(RECIPE, 'text/html', yaml)[0]).toMatch(/belongs into follow\.selectors$/);
});

const FEED = `<rss><channel><item><title>A</title><pubDate>Wed, 25 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>`;

it.each([
  ['pubdate', 'pubDate (not pubdate)'],
  ['xpath:.//PubDate', 'pubDate (not PubDate)'],
  ['Title', 'title (not Title)'],
])('a field %s of a feed is told that XML distinguishes case', (selector, told) => {
  const yaml = `item: item\nselectors: {t: title, x: "${selector}"}`;
  expect(warningsOf(FEED, 'application/rss+xml', yaml)).toEqual([
    `x is empty in all items: its selector (${selector}) matched nothing: names of XML are case-sensitive, and the page has ${told}`,
  ]);
});

it('a selector that matches nothing for another reason is told nothing about case', () => {
  const yaml = 'item: item\nselectors: {t: title, x: ".Title", y: "[Title]", z: link}';
  for (const warning of warningsOf(FEED, 'application/rss+xml', yaml)) expect(warning).not.toContain('case');
});

it('rows of XML that are written in another case are told so', () => {
  const page = loadPage(Buffer.from(FEED), 'application/rss+xml', 'http://shop.test/');
  expect(extractRows(page, configOf('item: Item\nselectors: {t: title}')).warnings).toEqual([
    'item "Item" matches nothing on http://shop.test/: names of XML are case-sensitive, and the page has item (not Item)',
  ]);
});
