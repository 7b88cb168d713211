import { expect, it } from 'vitest';
import { type FieldMisses, noteMisses } from '../../../src/scrape/crawl/field-misses.ts';
import { describeUnmatchedSelectors } from '../../../src/scrape/crawl/selector-matches.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { configOf } from '../extract/fixtures.ts';

const RECIPE = `<script type="application/ld+json">{"@graph": [{"@type": "Recipe", "name": "Soup",
  "totalTime": "PT1H", "author": {"@type": "Person"}}, {"@type": "BreadcrumbList"}]}</script><h1>Soup</h1>`;
const ANSWER = JSON.stringify({ data: { items: [{ code: 7, offer: { sku: 'a' } }] } });

function warningsOf(body: string, type: string, yaml: string): string[] {
  const page = loadPage(Buffer.from(body), type, 'http://shop.test/');
  const config = configOf(yaml);
  const { matches } = extractRows(page, config);
  const misses: FieldMisses = {};
  noteMisses(misses, config, { page, matches });
  return describeUnmatchedSelectors(config, { matches, misses });
}

it.each([
  ['json:$.data.items[*].sku', '$ is an object with code, offer. Did you mean $.offer.sku?'],
  ['json:$.cod', '$ is an object with code, offer. Did you mean $.code?'],
  ['json:$.offer.price', '$.offer is an object with sku'],
  ['json:$.code.x', '$.code is a number'],
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
