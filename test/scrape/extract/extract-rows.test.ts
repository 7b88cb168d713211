import { describe, expect, it } from 'vitest';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { bookListHtml, configOf, extract, pageOf } from './fixtures.ts';

const FIELDS = `selectors:
  title: {selector: "article.product_pod h3 a", attribute: title}
  price: ".product_price .price_color"
  stock: ".instock.availability"
`;
const priceOf = (n: number) => ['£51.77', '£53.74', '£50.10', '£47.82', '£54.23', '£22.65'][n];

describe('rows without item', () => {
  it('takes one row a book, in the order of the page and of the fields', () => {
    const { rows, matches, warnings } = extract(bookListHtml(), FIELDS);
    expect(rows).toHaveLength(6);
    expect(rows[0]).toEqual({ title: 'A Light in the Harbour', price: '£51.77', stock: 'In stock' });
    expect(rows.map(({ price }) => price)).toEqual([0, 1, 2, 3, 4, 5].map(priceOf));
    expect(rows.every((row) => Object.keys(row).join() === 'title,price,stock')).toBe(true);
    expect(matches).toEqual({ title: 6, price: 6, stock: 6 });
    expect(warnings).toEqual([]);
  });

  it('leaves a missing price empty in its own row and shifts no other', () => {
    const html = bookListHtml().replace('<p class="price_color">£50.10</p>', '');
    const { rows, matches } = extract(html, FIELDS);
    expect(rows.map(({ price }) => price)).toEqual(['£51.77', '£53.74', null, '£47.82', '£54.23', '£22.65']);
    expect(matches).toEqual({ title: 6, price: 5, stock: 6 });
  });

  it('warns once of unequal counts, with an item selector that works', () => {
    const html = bookListHtml()
      .replace('<p class="price_color">£50.10</p>', '')
      .replace('£54.23</p>', '</p>');
    const { warnings } = extract(html, FIELDS);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('title 6, price 5, stock 6');
    const guess = /item: "([^"]+)"/.exec(warnings[0] ?? '')?.[1] ?? '';
    expect(guess).toBe('li.col-xs-6.col-sm-4');
    expect(extract(html, `item: "${guess}"\n${FIELDS}`).rows).toHaveLength(6);
  });

  it('suggests the rows that most fields agree on when one field matches twice in each', () => {
    const { warnings } = extract(
      bookListHtml(),
      `${FIELDS}  link: {selector: "article a", attribute: href}\n`,
    );
    expect(warnings[0]).toContain('link 12');
    expect(warnings[0]).toContain('item: "li.col-xs-6.col-sm-4"');
  });

  it('makes one row of a page on which each field matches once', () => {
    const { rows } = extract(
      bookListHtml(),
      'selectors:\n  heading: "h1"\n  next: {selector: "li.next a", attribute: href}\n',
    );
    expect(rows).toEqual([{ heading: 'All books', next: 'http://shop.test/page-2.html' }]);
  });

  it('makes no row when no field matches', () => {
    const { rows, matches, warnings } = extract(bookListHtml(), 'selectors: {a: ".nope", b: "#nope"}\n');
    expect({ rows, matches, warnings }).toEqual({ rows: [], matches: { a: 0, b: 0 }, warnings: [] });
  });

  it('lets a field with multiple not set the rows', () => {
    const { rows, warnings } = extract(
      bookListHtml(),
      `${FIELDS}  tags: {selector: ".tags li", multiple: true}\n`,
    );
    expect(rows.map(({ tags }) => tags)).toEqual([
      ['paper'],
      ['paper', 'new'],
      ['paper'],
      ['paper', 'new'],
      ['paper'],
      ['paper', 'new'],
    ]);
    expect(warnings).toEqual([]);
  });

  it('makes one row when every field is multiple', () => {
    const { rows } = extract(
      bookListHtml(),
      'selectors:\n  prices: {selector: ".price_color", multiple: true}\n',
    );
    expect(rows).toEqual([{ prices: [0, 1, 2, 3, 4, 5].map(priceOf) }]);
  });
});

describe('rows with item', () => {
  const yaml = `item: "article.product_pod"\n${FIELDS}`;

  it('makes each container a row and a missing field null', () => {
    const html = bookListHtml().replace('<p class="price_color">£53.74</p>', '');
    const { rows, matches, warnings } = extract(html, yaml);
    expect(rows.map(({ price }) => price)).toEqual(['£51.77', null, '£50.10', '£47.82', '£54.23', '£22.65']);
    expect(matches).toEqual({ title: 6, price: 5, stock: 6 });
    expect(warnings).toEqual([]);
  });

  it('takes the first match in the item, and the item itself', () => {
    const { rows } = extract(
      bookListHtml(),
      'item: "article"\nselectors:\n  id: {selector: "article", attribute: data-id}\n  same: {selector: ":scope", attribute: data-id}\n  link: {selector: "a:first", attribute: href}\n',
    );
    expect(rows[1]).toEqual({ id: '2', same: '2', link: 'http://shop.test/tipping-the-scales_2/index.html' });
    expect(rows).toHaveLength(6);
  });

  it('gives a match in nested items to the innermost', () => {
    const html = '<div class="c"><div class="c"><b>inner</b></div></div><div class="c"><b>second</b></div>';
    const { rows } = extract(html, 'item: ".c"\nselectors: {who: "b", same: "b:first"}\n');
    expect(rows).toEqual([
      { who: 'inner', same: 'inner' },
      { who: 'second', same: 'second' },
    ]);
  });

  it('does not count elements outside the items', () => {
    const { matches } = extract(bookListHtml(), 'item: "article"\nselectors: {any: "a", head: "h1"}\n');
    expect(matches).toEqual({ any: 12, head: 0 });
  });

  it('says when the item matches nothing though a field does', () => {
    const { rows, warnings } = extract(bookListHtml(), `item: ".gone"\n${FIELDS}`);
    expect(rows).toEqual([]);
    expect(warnings).toEqual(['item ".gone" matches nothing on http://shop.test/list, though "title" does']);
  });

  it('reads selectors copied from the developer tools, implied tbody included', () => {
    const { rows } = extract(
      bookListHtml(),
      'item: "body > table > tbody > tr"\nselectors: {name: "th", value: "td"}\n',
    );
    expect(rows).toEqual([
      { name: 'Books', value: '6' },
      { name: 'Tax', value: '£0.00' },
    ]);
  });
});

describe('hostile pages and names', () => {
  it('keeps field names such as constructor and toString to the row', () => {
    const { rows } = extract(bookListHtml(), 'selectors: {constructor: "h1", toString: "title"}\n');
    expect(Object.entries(rows[0] ?? {})).toEqual([
      ['constructor', 'All books'],
      ['toString', 'All books | A shop for tests'],
    ]);
  });

  it('reads markup nested 10,000 deep', () => {
    const { rows } = extract(`${'<div>'.repeat(10_000)}<b>deep</b>`, 'selectors: {b: "b", all: "body"}\n');
    expect(rows).toEqual([{ b: 'deep', all: 'deep' }]);
  });

  it('refuses deeper nesting', () => {
    expect(() => pageOf(`${'<div>'.repeat(300_000)}<b>deep</b>`)).toThrow('nests its elements too deep');
  });

  it('reports nesting that is too deep for one selector or for inner HTML', () => {
    const html = `${'<div>'.repeat(10_000)}<b>deep</b>`;
    expect(() => extract(html, 'selectors: {b: "div:has(b)"}\n')).toThrow(
      'too deeply for the selector "div:has(b)"',
    );
    expect(() => extract(html, 'selectors: {b: {selector: body, html: true}}\n')).toThrow('too deep');
  });

  it('does not take many open paragraphs and list items for depth', () => {
    expect(
      extract('<p>a<li>b<td>'.repeat(20_000), 'selectors: {li: {selector: "li", multiple: true}}\n').matches,
    ).toEqual({ li: 20_000 });
  });

  it('takes 50 list pages of 20 books, one after the other', () => {
    const [book = ''] = /<li class="col.*?<\/article>\s*<\/li>/s.exec(bookListHtml()) ?? [];
    const html = bookListHtml().replace('<ol class="row">', `<ol class="row">${book.repeat(14)}`);
    const config = configOf(FIELDS);
    let rows = 0;
    for (let page = 0; page < 50; page += 1) rows += extractRows(pageOf(html), config).rows.length;
    expect(rows).toBe(1000);
  });

  it('groups 5,000 rows without counting each subtree again', () => {
    const html = `<ul>${'<li><div><div><a>t</a></div><b>p</b></div></li>'.repeat(5000)}</ul>`;
    const page = pageOf(html);
    expect(extractRows(page, configOf('selectors: {t: "a", p: "b"}\n')).rows).toHaveLength(5000);
  });
});
