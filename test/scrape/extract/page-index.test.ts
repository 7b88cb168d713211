import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { PageIndex } from '../../../src/scrape/extract/page-index.ts';
import { select } from '../../../src/scrape/extract/select.ts';
import { propertyRuns } from '../../property-runs.ts';

const HTML = `<html lang="en"><body class="Page"><main id="main">
  <ul class="list\tbig"><li class="card new" data-id="1"><h3>A</h3><a href="/a" title="x, y">a</a></li>
  <li class="card" data-id="2"><h3 class="title">B</h3><a href="/b]"><b class="price">1</b></a></li>
  <li class="card" id="last" data-id="3"><svg><foreignObject class="price"></foreignObject></svg></li></ul>
  <template><p class="price">hidden</p></template><p class="price old">2</p><input type="Password" disabled></main></body></html>`;
const XML =
  '<shop><Card class="price" x:n="1"><title>A</title></Card><card><g:price>2</g:price></card></shop>';

const load = (body: string, type: string) => {
  const page = loadPage(Buffer.from(body), type, 'http://shop.example/');
  return { page, indexed: { ...page, index: new PageIndex(page) } };
};
const PAGES = [load(HTML, 'text/html'), load(XML, 'application/xml')];

const COMPOUNDS = [
  ...[
    '*',
    'li',
    'LI',
    'foreignObject',
    'Card',
    'card',
    '.card',
    '.card.new',
    'li.card',
    '#last',
    'li#last.card',
  ],
  ...[
    '.price',
    '.Price',
    '[data-id]',
    '[data-id="2"]',
    'a[href*="b]"]',
    'a[title="x, y"]',
    '[DATA-ID]',
    'a[href]',
  ],
  ...[
    'input[type="password" i]',
    'li:first-child',
    'li:nth-child(2n+1)',
    ':last-child',
    '[class~="card"]',
    'h3.title',
  ],
  ...[
    '[data-id!="2"]',
    ':not(.card)',
    'li:has(h3)',
    'li:first',
    String.raw`.\63 ard`,
    'g|price',
    '[disabled]',
  ],
];

describe('a page with an index', () => {
  it('has the same matches of any selector, in the same order', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom(...COMPOUNDS), fc.constantFrom(' ', ' > ', ' + ', ' ~ ', ', ', '>')),
          { minLength: 1, maxLength: 4 },
        ),
        (parts) => {
          const selector = parts.map(([one, sign], at) => (at === 0 ? one : sign + one)).join('');
          for (const { page, indexed } of PAGES)
            expect(select(indexed, selector), selector).toEqual(select(page, selector));
        },
      ),
      { numRuns: propertyRuns(400) },
    );
  });

  it('has the elements of templates', () => {
    const [{ page, indexed }] = PAGES as [(typeof PAGES)[number]];
    expect(select(indexed, '.price').map(({ name }) => name)).toEqual(['b', 'foreignObject', 'p', 'p']);
    expect(select(indexed, '.price')).toEqual(select(page, '.price'));
  });

  it('finds most selectors by a name in their last step, and leaves the others to the engine', () => {
    const [{ indexed }] = PAGES as [(typeof PAGES)[number]];
    const count = (selector: string) => indexed.index.listPossible(selector)?.length;
    expect(count('ul > li.card')).toBe(3);
    expect(count('.card, #last'), 'all with an id').toBe(4);
    expect(count('a[href*="b]"]')).toBe(2);
    for (const other of ['main *', ':first-child', '[data-id!="2"]', String.raw`.\63 ard`, 'g|price'])
      expect(count(other), other).toBeUndefined();
  });
});
