import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { countMatches, findElements, select } from '../../../src/scrape/extract/select.ts';
import { findNearestMiss } from '../../../src/scrape/suggest/nearest-miss.ts';

const page = (html: string) => loadPage(Buffer.from(html), 'text/html', 'http://shop.example/');

const CARD = `<article class="card"><h3><a href="/1" title="One">One</a></h3>
  <div class="product_price"><p class="price-colour">£1</p><p class="stock">In</p></div></article>`;
const SHOP = page(
  `<div id="main">${CARD.repeat(20)}</div><ul><li class="following"><a href="/2">next</a></li></ul>`,
);

it.for([
  // The name was spelled in another way.
  ['.product_price .price_color', '.product_price', 20, '.price_color', ['.price-colour ×20']],
  // The class of the same element.
  ['article.product_pod', 'article', 20, '.product_pod', ['.card ×20']],
  // The tag has changed, the class has not.
  ['section.card', '', 0, 'section', ['.card ×20']],
  ['#content .card', '', 0, '#content', []],
  ['#mian .card', '', 0, '#mian', ['#main ×1']],
  ['li.next a', 'li', 1, '.next', ['.following ×1']],
  ['h3 > b', 'h3', 20, 'b', ['a ×20']],
  ['a[titel]', 'a', 21, '[titel]', ['[title] ×20']],
  ['h3 + .price', 'h3', 20, '.price', ['.product_price ×20']],
  // What cannot be followed is followed as far as it can be.
  ['.cards:has(h3)', '', 0, '.cards', ['.card ×20']],
  // Of a list, the one that gets furthest.
  [
    'b.x, article .product_price .fee',
    'article .product_price',
    20,
    '.fee',
    ['.price-colour ×20', '.stock ×20'],
  ],
] as const)('%s gets as far as "%s"', ([selector, prefix, matched, missing, near]) => {
  expect(findNearestMiss(SHOP, selector)).toEqual({ prefix, matched, missing, near });
});

it.for([
  [
    '//div[@class="product_price"]/p[@class="price_color"]',
    ...['//div[@class="product_price"]/p', 40, '[@class="price_color"]', ['.price-colour ×20']],
  ],
  ['//article[@class="product_pod"]', '//article', 20, '[@class="product_pod"]', ['.card ×20']],
  [
    "//p[contains(@class, 'price_color')]",
    '//p',
    40,
    "[contains(@class, 'price_color')]",
    ['.price-colour ×20'],
  ],
  [
    '//p[contains(concat(" ", normalize-space(@class), " "), " price_color ")]/text()',
    ...['//p', 40, '[contains(concat(" ", normalize-space(@class), " "), " price_color ")]'],
    ['.price-colour ×20'],
  ],
  ['//section[@class="card"]/h3', '', 0, 'section', ['.card ×20']],
  ['//*[@id="mian"]//a', '//*', expect.any(Number), '[@id="mian"]', ['#main ×1']],
  ['//h3/b/text()', '//h3', 20, 'b', ['a ×20']],
  ['//h3/a/@titel', '//h3/a', 20, '@titel', ['[title] ×20']],
  ['//h3/a[3]', '//h3/a', 20, '[3]', []],
  ['//li[.="Nothing"]/a', '//li', 1, '[.="Nothing"]', []],
  // The path within functions and brackets.
  ['normalize-space(string((//li[@class="next"]/a)[1]))', '//li', 1, '[@class="next"]', ['.following ×1']],
] as const)('XPath %s gets as far as "%s"', ([expression, prefix, matched, missing, near]) => {
  const path = prefix === '' ? '' : `xpath:${prefix}`;
  expect(findNearestMiss(SHOP, `xpath:${expression}`)).toEqual({ prefix: path, matched, missing, near });
});

it('follows a relative XPath in the rows, and an absolute one on the page', () => {
  const items = select(SHOP, 'article');
  const relative = {
    prefix: 'xpath:.//div',
    matched: 20,
    missing: '[@class="price"]',
    near: ['.product_price ×20'],
  };
  expect(findNearestMiss(SHOP, 'xpath:.//div[@class="price"]', items)).toEqual(relative);
  expect(findNearestMiss(SHOP, 'xpath:./h2/a', items)).toEqual({
    ...{ prefix: '', matched: 0, missing: 'h2', near: ['h3 ×20'] },
  });
  expect(findNearestMiss(SHOP, 'xpath:h3/i', items)).toMatchObject({ prefix: 'xpath:h3', missing: 'i' });
  expect(findNearestMiss(SHOP, 'xpath:.//li/a', items)).toMatchObject({ prefix: '', missing: 'li' });
  expect(findNearestMiss(SHOP, 'xpath://li/b', items)).toMatchObject({ prefix: 'xpath://li', missing: 'b' });
});

it('says nothing of what is no path, nor of what begins with a condition', () => {
  for (const selector of ['xpath:1 + 1', 'xpath:following-sibling::b', 'xpath:$x', ':has(b)', ':not(.x) .y'])
    expect(findNearestMiss(SHOP, selector)).toBeUndefined();
});

it('looks only into the elements in which the selector should match', () => {
  const items = select(SHOP, 'article');
  expect(findNearestMiss(SHOP, 'li a', items)).toMatchObject({ prefix: '', missing: 'li' });
  // Nothing is called alike in them, so what is in each of them is shown.
  expect(findNearestMiss(SHOP, '.folowing', items)?.near).toContain('.product_price ×20');
  expect(findNearestMiss(SHOP, '.folowing')?.near).toEqual(['.following ×1']);
});

describe('of a hostile page', () => {
  it('names are shown only when they are short and printable', () => {
    const html = `<b class="price-${'x'.repeat(80)}"></b><b class="pric\u202ee"></b><b class="price\u0007s"></b><b class="prices"></b>`;
    expect(findNearestMiss(page(html), '.price')?.near).toEqual(['.prices ×1']);
  });

  it('many elements are examined only in part', () => {
    const big = page(`<div class="a">${'<p class="b"><i class="c"></i></p>'.repeat(30_000)}</div>`);
    expect(findNearestMiss(big, '.a .b .missing .d')).toMatchObject({ prefix: '.a .b', missing: '.missing' });
    expect(findNearestMiss(big, '.bb')?.near).toEqual(['.b ×9998']);
  });
});

it('always ends where one more part matches nothing', () => {
  const parts = fc.constantFrom(
    'div',
    'article',
    'p',
    '.card',
    '.stock',
    '.price',
    '#main',
    '#x',
    '[href]',
    'a:first-child',
    '*',
    'b:has(i)',
    ':is(b)',
  );
  const selectors = fc
    .array(fc.tuple(fc.constantFrom(' ', ' > ', ' + ', ' ~ ', ', '), parts), { minLength: 1, maxLength: 5 })
    .map((all) => all.map(([sign, part], index) => (index === 0 ? part : sign + part)).join(''));
  fc.assert(
    fc.property(selectors, (selector) => {
      const miss = findNearestMiss(SHOP, selector);
      if (miss === undefined) return;
      if (miss.prefix !== '') expect(countMatches(SHOP, miss.prefix)).toBe(miss.matched);
      expect(selector.replaceAll(/\s+/g, '')).toContain(miss.prefix.replaceAll(/\s+/g, ''));
      expect(miss.near.length).toBeLessThanOrEqual(3);
    }),
  );
});

it('of an XPath, the beginning matches and one more part does not', () => {
  const test = fc.constantFrom('div', 'article', 'p', 'li', '*', 'b', '@href', 'text()');
  const predicate = fc.constantFrom(
    '',
    '[1]',
    '[9]',
    '[@class="card"]',
    "[contains(@class, 'pric')]",
    '[@id]',
    '[a]',
    '[',
  );
  const paths = fc
    .array(fc.tuple(fc.constantFrom('/', '//', './/', ''), test, predicate), { minLength: 1, maxLength: 4 })
    .map((all) => all.map((parts) => parts.join('')).join(''));
  fc.assert(
    fc.property(paths, fc.constantFrom('#', 'string(#)', '(#)[1]'), (path, around) => {
      const expression = around.replace('#', path);
      const miss = findNearestMiss(SHOP, `xpath:${expression}`);
      if (miss === undefined) return;
      expect(expression).toContain(miss.prefix.replace('xpath:', ''));
      if (miss.prefix !== '') expect(findElements(SHOP, miss.prefix).length).toBe(miss.matched);
    }),
  );
});
