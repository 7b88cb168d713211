import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { countMatches, select } from '../../../src/scrape/extract/select.ts';
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

it('says nothing of XPath, nor of what begins with a condition', () => {
  for (const selector of ['xpath://div/b', ':has(b)', ':not(.x) .y'])
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
