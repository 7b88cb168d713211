import { describe, expect, it } from 'vitest';
import { parseExtraction } from '../../../src/scrape/config/parse-config.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { compareDetails, comparePages } from '../../../src/scrape/suggest/compare-pages.ts';
import { findPageSigns } from '../../../src/scrape/suggest/page-signs.ts';
import { repairDetails, repairSelectors } from '../../../src/scrape/suggest/repair-selectors.ts';

const load = (html: string) => loadPage(Buffer.from(html), 'text/html', 'http://shop.example/list');

const YAML = `url: http://shop.example/list
item: article.product_pod
selectors:
  title: { selector: h3 a, attribute: title }
  link: { selector: h3 a, attribute: href }
  price: .product_price .price_color
pagination: { type: next_button, selector: li.next a }
`;
const { config } = parseExtraction(YAML, 'shop.yaml');

const shop = (change: (html: string) => string = (html) => html) => {
  const titles = ['A Light in the Attic', 'Tipping the Velvet', 'Soumission', 'Sharp Objects', 'Sapiens'];
  const rows = titles.map(
    (title, n) =>
      `<article class="product_pod"><h3><a href="/b${n}" title="${title}">${title.slice(0, 8)}…</a></h3>
       <div class="product_price"><p class="price_color">£${20 + n}.99</p><p class="stock">In stock</p></div></article>`,
  );
  return load(
    change(
      `<h1>Books</h1><section>${rows.join('')}</section><ul class="pager"><li class="next"><a href="/2">next</a></li></ul>`,
    ),
  );
};

/** What the pages differ in, and the rows after the repair. */
function explained(change: (html: string) => string) {
  const [before, now] = [shop(), shop(change)];
  const difference = comparePages(before, now, config);
  const { changes, rows, sample } = repairSelectors(before, now, config, difference.changed);
  return { ...difference, changes, after: { rows, sample } };
}

describe('a page whose layout has changed', () => {
  it('of one field: names the selector, what is gone, and what holds the values now', () => {
    const found = explained((html) => html.replaceAll('price_color', 'amount'));
    expect(found.changed).toEqual([
      {
        ...{ part: 'field', field: 'price', selector: '.product_price .price_color', before: 5, now: 0 },
        nearest: {
          prefix: '.product_price',
          matched: 5,
          missing: '.price_color',
          near: ['.amount ×5', '.stock ×5'],
        },
      },
    ]);
    expect(found).toMatchObject({
      unchanged: 4,
      rows: { before: 5, now: 5 },
      gone: ['.price_color ×5'],
      fresh: ['.amount ×5'],
    });
    expect(found.changes).toMatchObject([
      { path: 'selectors.price', from: '.product_price .price_color', matched: 5 },
    ]);
    expect(found.after).toMatchObject({
      rows: 5,
      sample: { title: 'A Light in the Attic', price: '£20.99' },
    });
  });

  it('of the rows, a field and the way to the next page: all of them', () => {
    const found = explained((html) =>
      html
        .replaceAll(/<(\/?)article( class="product_pod")?/g, '<$1li$2')
        .replaceAll('product_pod', 'card')
        .replaceAll('price_color', 'amount')
        .replaceAll('class="next"', 'class="following"'),
    );
    expect(found.changed.map(({ field, now }) => [field, now])).toEqual([
      ['item', 0],
      ['pagination.selector', 0],
      ['price', 0],
    ]);
    const paths = found.changes.map(({ path }) => path);
    expect(paths).toEqual(['item', 'selectors.price', 'pagination.selector']);
    expect(found.after).toMatchObject({
      rows: 5,
      sample: { title: 'A Light in the Attic', link: 'http://shop.example/b0', price: '£20.99' },
    });
  });

  it('whose elements are still there: no selector has changed', () => {
    const found = explained((html) => html.replaceAll(' title="', ' data-name="'));
    expect(found.changed).toEqual([]);
  });

  it('in which nothing holds the old values: no change is made up', () => {
    const found = explained(() => '<main><p>We are closed.</p></main>');
    expect(found.changed.map(({ field }) => field)).toEqual([
      'item',
      'pagination.selector',
      'title',
      'link',
      'price',
    ]);
    expect(found).toMatchObject({ changes: [], after: { rows: 0 } });
  });

  it('that has not changed: nothing is said', () => {
    expect(explained((html) => html)).toMatchObject({ changed: [], gone: [], fresh: [], changes: [] });
    // Fewer rows are no other layout.
    expect(explained((html) => html.replace(/<article.*?<\/article>/s, ''))).toMatchObject({
      changed: [],
      rows: { before: 5, now: 4 },
    });
  });
});

it.for([
  ['<title>Just a moment...</title><div id="challenge-form"></div>', ['captcha', 'empty']],
  ['<h1>Please sign in</h1><form><input name="u"><input type="password"></form>', ['sign_in', 'empty']],
  ['<title>403 Forbidden</title><h1>Access denied</h1>', ['blocked', 'empty']],
  [
    '<div id="onetrust-consent-sdk">We value your privacy. <button>Accept all cookies and go on to the site that you wanted</button></div>',
    ['consent', 'empty'],
  ],
  [
    '<title>Page not found</title><p>Nothing to see on this page, but here are some of our other pages for you to read.</p>',
    ['error_page'],
  ],
  ['<div id="root"></div><script src="/app.js"></script>', ['empty']],
] as const)('a page like %s has the signs %j', ([html, signs]) => {
  expect(findPageSigns(load(html))).toEqual(signs);
});

it('a page of rows has no signs', () => {
  expect(findPageSigns(shop())).toEqual([]);
});

describe('changes that fit a changed page', () => {
  const rows = (row: (n: number) => string) =>
    load(`<ul>${[1, 2, 3, 4].map((n) => `<li class="row">${row(n)}</li>`).join('')}</ul>`);
  const changesOf = (yaml: string, before: string, now: string) => {
    const { config: rules } = parseExtraction(
      `url: http://shop.example/list\nitem: li.row\n${yaml}`,
      'a.yaml',
    );
    const fill = (html: string) => rows((n) => html.replaceAll('#', `${n}${n}7`));
    const difference = comparePages(fill(before), fill(now), rules);
    return repairSelectors(fill(before), fill(now), rules, difference.changed).changes;
  };

  it('give the whole field where the value is in another attribute now', () => {
    const changes = changesOf(
      'selectors: { t: b, price: { selector: .price, type: number } }',
      '<b>Book #</b><i class="price">#</i>',
      '<b>Book #</b><meter class="cost" data-amount="#"></meter>',
    );
    expect(changes).toMatchObject([
      {
        path: 'selectors.price',
        from: '.price',
        value: { selector: expect.any(String), attribute: 'data-amount', type: 'number' },
        matched: 4,
      },
    ]);
  });

  it('reach fields within fields', () => {
    const changes = changesOf(
      'selectors: { t: b, seller: { selector: .seller, children: { name: .name, city: .city } } }',
      '<b>Book #</b><p class="seller"><i class="name">Anna #</i><i class="city">Ulm #</i></p>',
      '<b>Book #</b><p class="seller"><i class="who">Anna #</i><i class="city">Ulm #</i></p>',
    );
    expect(changes).toMatchObject([
      {
        path: 'selectors.seller.children.name',
        from: '.name',
        value: expect.stringContaining('.who'),
        matched: 4,
      },
    ]);
  });

  it('reach fields of detail pages, where the values are the same', () => {
    const yaml = `url: http://shop.example/list
selectors: { t: b }
follow: { selector: a, selectors: { text: .text, isbn: { selector: .isbn, attribute: data-id }, gone: .gone } }
`;
    const { config: rules } = parseExtraction(yaml, 'a.yaml');
    const follow = rules.follow as NonNullable<typeof rules.follow>;
    const before = load(
      '<h1>A</h1><p class="text">A long story.</p><p class="isbn" data-id="978-3"></p><i class="gone">x1</i>',
    );
    const now = load(
      '<h1>A</h1><div class="story">A long story.</div><table><tr><th>ISBN</th><td class="number" data-id="978-3"></td></tr></table>',
    );
    const detail = { page: now, follow, level: 1 };
    const changed = compareDetails(before, detail, rules);
    expect(changed.map(({ field }) => field)).toEqual(['text', 'isbn', 'gone']);
    const changes = repairDetails(before, detail, rules, changed);
    expect(changes).toMatchObject([
      { path: 'follow.selectors.text', from: '.text', value: expect.stringContaining('story') },
      { path: 'follow.selectors.isbn', from: '.isbn', value: expect.any(String), matched: 1 },
    ]);
  });
});
