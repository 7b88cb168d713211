import { describe, expect, it } from 'vitest';
import { FOLLOW_LINK } from '../../../src/scrape/config/config-fields.ts';
import { parseExtraction } from '../../../src/scrape/config/parse-config.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { isEmpty } from '../../../src/scrape/extract/field-text.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { PageIndex } from '../../../src/scrape/extract/page-index.ts';
import { RowTrials } from '../../../src/scrape/suggest/tried-rows.ts';

const CARDS = Array.from(
  { length: 9 },
  (_, n) => `<li class="card">${n === 4 ? '' : `<h3><a href="/p/${n}">Book ${n}</a></h3>`}
    <b class="price">${n === 2 ? 'sold' : `£${n}.50`}</b>${n % 2 ? `<i class="tag">new</i><i class="tag">old</i>` : ''}
    <noscript><img src="/n/${n}.jpg"></noscript><div class="seller"><u>Ann ${n}</u><s>${n}</s></div></li>`,
).join('');
const HTML = `<h1>Shop</h1><ul>${CARDS}<li class="card"></li></ul><b class="price">£9</b><a class="next" href="?p=2">next</a>`;
const DATA = JSON.stringify({ list: [{ name: 'A', price: 1 }, { name: null }, { name: 'C', tags: ['x'] }] });

const CONFIGS = {
  'typed fields, attributes and lists':
    'item: li.card\nselectors: { title: h3 a, price: { selector: .price, type: price }, tags: { selector: .tag, multiple: true }, link: { selector: h3 a, attribute: href } }',
  'fields within fields, and HTML':
    'item: li.card\nselectors: { seller: { selector: .seller, children: { name: u, sales: { selector: s, type: integer } } }, all: { selector: h3, html: true } }',
  'XPath, relative and absolute, and positions':
    'item: li.card\nselectors: { title: "xpath:.//h3/a/text()", price: "xpath://b", first: "i:first-child", last: ".tag:last-of-type" }',
  'pictures of noscript': 'item: li.card\nselectors: { picture: { selector: img, attribute: src } }',
  'pages of rows':
    'item: li.card\nselectors: { title: h3 }\npagination: { type: next_link, selector: .next }',
  'detail pages':
    'item: li.card\nselectors: { price: .price }\nfollow: { selector: h3 a, selectors: { text: p } }',
  'a selector that matches nothing': 'item: li.card\nselectors: { title: h4, price: .price }',
  'an item that matches nothing': 'item: li.tile\nselectors: { title: h3 }',
  'no item': 'selectors: { title: h3, price: .price }',
};

function compare(yaml: string, body: string, type: string) {
  const page = loadPage(Buffer.from(body), type, 'http://shop.example/');
  const { config } = parseExtraction(`url: "http://shop.example/"\n${yaml}\n`, 'shop.yaml');
  const whole = extractRows(page, config);
  const tried = new RowTrials({ ...page, index: new PageIndex(page) }).extract(config);
  expect(tried.take(2)).toEqual(whole.rows.slice(0, 2));
  expect(tried.count).toBe(whole.rows.length);
  expect(tried.take(100)).toEqual(whole.rows);
  expect(tried.matches).toEqual(whole.matches);
  const { item, pagination } = whole.found;
  expect([tried.found.item, tried.found.pagination]).toEqual([item, pagination]);
  for (const name of Object.keys(config.selectors)) {
    const values = whole.rows.map((row) => row[name] ?? null);
    expect(tried.valuesOf(name)).toEqual(values);
    expect(tried.hasValue(name)).toBe(values.some((value) => !isEmpty(value)));
  }
  expect(tried.valuesOf(FOLLOW_LINK)).toEqual(whole.links ?? []);
  expect(tried.hasLinks).toBe(whole.links !== undefined);
}

describe('rows that are tried are those of an extraction', () => {
  it.each(Object.entries(CONFIGS))('with %s', (_, yaml) => compare(yaml, HTML, 'text/html'));

  it('with rows of data', () => {
    compare(
      'item: "json:$.list[*]"\nselectors: { name: "json:$.name", price: "json:$.price" }',
      DATA,
      'application/json',
    );
  });

  it('and rules that share a field have its values, however it is called in them', () => {
    const page = loadPage(Buffer.from(HTML), 'text/html', 'http://shop.example/');
    const trials = new RowTrials(page);
    const extract = (selectors: string) =>
      trials.extract(
        parseExtraction(`url: "http://a.example/"\nitem: li.card\nselectors: ${selectors}\n`, 'a.yaml')
          .config,
      );
    expect(extract('{ title: h3, price: .price }').count).toBe(9);
    expect(extract('{ title: h3 }').count).toBe(8);
    expect(extract('{ price: { selector: .price, type: price } }').count).toBe(8);
  });
});
