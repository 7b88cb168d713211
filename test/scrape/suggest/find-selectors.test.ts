import { describe, expect, it } from 'vitest';
import { extractionText } from '../../../src/core/configs/new-config.ts';
import { makeBookshop } from '../../../src/sandbox/bookshop.ts';
import { parseExtraction } from '../../../src/scrape/config/parse-config.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { type FoundSelectors, findSelectors } from '../../../src/scrape/suggest/find-selectors.ts';
import { NINE } from '../../sandbox/open-shop.ts';

const HTML = 'text/html; charset=utf-8';

function load(text: string, type = HTML) {
  return loadPage(Buffer.from(text), type, 'http://shop.example/list/index.html');
}

function find(text: string, examples: Record<string, string>, type = HTML) {
  return findSelectors(load(text, type), toExamples(examples));
}

function toExamples(examples: Record<string, string>) {
  return Object.entries(examples).map(([name, value]) => ({ name, value }));
}

/** The rows that a configuration of the best candidates takes. */
function extract(text: string, { item, fields }: FoundSelectors, type = HTML) {
  const best = fields.flatMap(({ name, candidates: [first] }) =>
    first === undefined ? [] : [{ ...first, name, type: first.needsType ? first.type : undefined }],
  );
  const yaml = extractionText('http://shop.example/', item?.selector ?? null, best);
  return extractRows(load(text, type), parseExtraction(yaml, 'x.yaml').config).rows;
}

/** Row numbers from 1. */
function rowsOf(of: (number: number) => string, count = 8): string {
  return Array.from({ length: count }, (_, at) => of(at + 1)).join('\n');
}

const shop = makeBookshop().resources.get('/index.html')?.render(NINE) ?? '';

describe('selectors for examples', () => {
  it('are relative to the block that repeats, the most stable first', () => {
    const { item, fields } = find(shop, { title: 'All the Lost Shells', price: '£15.68', rating: 'One' });
    expect(item).toMatchObject({ selector: 'article.product_pod', count: 20 });
    const [title, price, rating] = fields;
    expect(title?.candidates[0]).toMatchObject({
      selector: 'h3 > a',
      attribute: 'title',
      filledPercent: 100,
    });
    expect(price?.candidates[0]).toMatchObject({
      ...{
        selector: '.price_color',
        attribute: null,
        type: 'price',
        needsType: false,
        matched: 20,
        rows: 20,
      },
      ...{ samples: ['£11.94', '£15.68', '£18.89'], why: 'stable class' },
    });
    expect(rating?.candidates[0]).toMatchObject({ selector: '.star-rating', attribute: 'class' });
    const rows = extract(shop, { item, fields });
    expect(rows).toHaveLength(20);
    expect(rows[1]).toEqual({ title: 'All the Lost Shells', price: '£15.68', rating: 'One' });
  });

  it('are found by the same number, price, date or address in another writing', () => {
    const page = `<ul>${rowsOf(
      (n) =>
        `<li><a href="/b/${n}">B${n}</a> <b>1.23${n},50 €</b> <i>EUR ${n}9</i> <time>${n} May 2026</time></li>`,
    )}</ul>`;
    const found = find(page, {
      ...{ amount: '1,232.50', cost: '€29', when: '2026-05-02', page: 'http://shop.example/b/2' },
    });
    expect(extract(page, found)[1]).toEqual({
      ...{ amount: 1232.5, cost: { amount: 29, currency: 'EUR' }, when: '2026-05-02' },
      page: 'http://shop.example/b/2',
    });
  });

  it('ignore case, white space and kinds of quotes', () => {
    const page = `<ul>${rowsOf((n) => `<li><p>Ann’s\n   <b>Book</b>&nbsp;“${n}”</p></li>`)}</ul>`;
    const found = find(page, { title: `ann's book "3"` });
    expect(extract(page, found)[2]).toEqual({ title: 'Ann’s Book “3”' });
  });

  it('cut a part out of a longer text as the last resort', () => {
    const page = `<ul>${rowsOf((n) => `<li><b>T${n}</b><p>by Ann ${n}ee</p><i>In stock (${n}2 left)</i></li>`)}</ul>`;
    const found = find(page, { title: 'T2', author: 'Ann 2ee', left: '22' });
    expect(extract(page, found)[1]).toEqual({ title: 'T2', author: 'Ann 2ee', left: 22 });
  });

  it('take columns of a table by their number, and values by their labels', () => {
    const table = `<table>${rowsOf((n) => `<tr><td>Item ${n}</td><td>${n} kg</td></tr>`)}</table>`;
    const { item, fields } = find(table, { name: 'Item 3', weight: '3 kg' });
    expect(item?.selector).toMatch(/tr$/);
    expect(fields.map(({ candidates: [first] }) => first?.selector)).toEqual([
      'td:nth-child(1)',
      'td:nth-child(2)',
    ]);
    const about =
      '<h1>Cup</h1><table><tr><th>UPC</th><td>a1</td></tr><tr><th>Tax</th><td>b2</td></tr></table>';
    const one = find(about, { title: 'Cup', upc: 'a1', tax: 'b2' });
    expect(one.item).toBeNull();
    expect(one.fields[2]?.candidates[0]?.selector).toBe(
      'xpath://th[normalize-space(.)="Tax"]/following-sibling::td[1]',
    );
    expect(extract(about, one)).toEqual([{ title: 'Cup', upc: 'a1', tax: 'b2' }]);
  });

  it('reach what follows a row that no element contains, and the heading before it', () => {
    const flat = `<dl>${rowsOf((n) => `<dt><a href="/${n}">Post ${n}</a></dt><dd class="by">Ann ${n}</dd><dd>${n} votes</dd>`)}</dl>`;
    const found = find(flat, { title: 'Post 2', author: 'Ann 2', votes: '2 votes' });
    expect(extract(flat, found)[7]).toEqual({ title: 'Post 8', author: 'Ann 8', votes: '8 votes' });
    const parts = rowsOf(
      (part) =>
        `<section><h2>Part ${part}</h2>${rowsOf((n) => `<p><b>T${part}-${n}</b> <i>${n} kg</i></p>`)}</section>`,
      3,
    );
    const headed = find(parts, { title: 'T2-3', weight: '3 kg', part: 'Part 2' });
    const rows = extract(parts, headed);
    expect(rows).toHaveLength(24);
    expect([rows[0], rows[23]]).toEqual([
      { title: 'T1-1', weight: '1 kg', part: 'Part 1' },
      { title: 'T3-8', weight: '8 kg', part: 'Part 3' },
    ]);
  });

  it('prefer the rows to the navigation, also when each of them has the example', () => {
    const links = `<nav>${rowsOf((n) => `<li><a href="/c${n}">Travel</a></li>`, 1000)}</nav>`;
    const page = `${links}<div>${rowsOf((n) => `<div class="entry"><h3>Book ${n}</h3><a class="cat">Travel</a></div>`, 1000)}</div>`;
    for (const examples of [{ title: 'Book 7', category: 'Travel' }, { category: 'Travel' }])
      expect(find(page, examples).item).toMatchObject({ selector: 'div.entry', count: 1000 });
  });

  it('take examples of different rows', () => {
    const page = `<ul>${rowsOf((n) => `<li><b>T${n}</b><i>${n} kg</i></li>`)}</ul>`;
    const found = find(page, { title: 'T1', weight: '5 kg' });
    expect(extract(page, found)[2]).toEqual({ title: 'T3', weight: '3 kg' });
  });

  it('are of the whole page if nothing repeats, and each matches once', () => {
    const page = '<h1>Cup</h1><p>Blue, of clay</p><p>Costs £5</p><p>Costs nothing</p>';
    const found = find(page, { title: 'Cup', about: 'Blue, of clay' });
    expect(found.item).toBeNull();
    expect(extract(page, found)).toEqual([{ title: 'Cup', about: 'Blue, of clay' }]);
  });

  it('of XML keep the names of its elements', () => {
    const feed = `<?xml version="1.0"?><rss><channel><title>Feed</title>${rowsOf(
      (n) =>
        `<item><title>News ${n}</title><dc:creator>Ann ${n}</dc:creator><pubDate>0${n} Jun 2026</pubDate></item>`,
    )}</channel></rss>`;
    const found = find(feed, { title: 'News 3', by: 'Ann 3', date: '2026-06-03' }, 'application/rss+xml');
    expect(found.item?.selector).toBe('item');
    expect(extract(feed, found, 'application/rss+xml')[2]).toEqual({
      title: 'News 3',
      by: 'Ann 3',
      date: '2026-06-03',
    });
  });

  it('say which texts are nearest to an example that is nowhere', () => {
    const { item, fields } = find(shop, {
      title: 'All the Lost Shelves',
      price: '15.68 EUR',
      isbn: 'x'.repeat(2000),
    });
    expect(item).toBeNull();
    expect(fields.map(({ candidates, nearest }) => [candidates.length, nearest[0]])).toEqual([
      [0, 'All the Lost Shells'],
      [0, '£15.68'],
      [0, undefined],
    ]);
  });

  it('prefer what also held on earlier pages', () => {
    const at = (name: string) =>
      load(shop.replaceAll('product_pod', name).replaceAll('price_color', `${name}-price`));
    const examples = toExamples({ title: 'All the Lost Shells', price: '£15.68' });
    const { item, fields } = findSelectors(at('card'), examples, { earlierPages: [load(shop), at('tile')] });
    expect(item).toMatchObject({ selector: 'article', count: 20, holdsOn: { pages: 2, of: 2 } });
    const holds = fields.map(({ candidates }) =>
      candidates.map(({ selector, holdsOn }) => [selector, holdsOn.pages]),
    );
    expect(holds[1]).toContainEqual(['.card-price', 0]);
    expect(holds[1]).toContainEqual(['.product_price > p', 2]);
    // However stable a class looks, it did not hold.
    expect(holds[1]?.[0]?.[1]).toBe(2);
  });

  it('leave out earlier pages that have no such rows, and places with values of another kind', () => {
    const page = (item: string, row: (n: number) => string) =>
      load(`<ul>${rowsOf((n) => `<li class="${item}"><a>Book ${n}</a>${row(n)}</li>`)}</ul>`);
    const now = page('q', (n) => `<b class="qrice">£${n}.00</b>`);
    const examples = toExamples({ title: 'Book 3', price: '£3.00' });
    const best = (earlier: ReturnType<typeof load>) => {
      const { item, fields } = findSelectors(now, examples, { earlierPages: [earlier] });
      const { selector, holdsOn } = fields[1]?.candidates[0] ?? {};
      return { item: item?.holdsOn.pages, selector, holdsOn };
    };
    const renamed = page('p', (n) => `<b class="price">£${n}.00</b>`);
    expect(best(renamed)).toEqual({ item: 1, selector: 'b', holdsOn: { pages: 1, of: 1 } });
    const author = page('p', (n) => `<b class="author">Anna ${n}</b>`);
    expect(best(author)).toEqual({ item: 1, selector: '.qrice', holdsOn: { pages: 0, of: 1 } });
    const closed = load('<p>We are closed.</p>');
    expect(best(closed)).toEqual({ item: 0, selector: '.qrice', holdsOn: { pages: 0, of: 0 } });
  });

  it('come in good time from a large page, and from one that is nested deep', () => {
    const row = (n: number) =>
      `<div class="entry"><h3>Book ${n}</h3><p>${'word '.repeat(180)}</p><b>${n} EUR</b></div>`;
    const big = rowsOf(row, 2_000);
    expect(find(big, { title: 'Book 77', price: '77.00' }).item).toMatchObject({ count: 2_000 });
    const deep = `${'<div>'.repeat(500)}<b>Cup</b>${'</div>'.repeat(500)}`;
    expect(find(deep, { title: 'Cup' }).fields[0]?.candidates[0]?.selector).toBe('b');
  });
});
