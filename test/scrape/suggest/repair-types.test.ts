import { describe, expect, it } from 'vitest';
import { parseExtraction } from '../../../src/scrape/config/parse-config.ts';
import { extractDetail } from '../../../src/scrape/extract/extract-detail.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { compareDetails, comparePages } from '../../../src/scrape/suggest/compare-pages.ts';
import { repairDetails, repairSelectors } from '../../../src/scrape/suggest/repair-selectors.ts';

const load = (html: string) => loadPage(Buffer.from(html), 'text/html', 'http://shop.example/list');

const rowsOf = (html: string, count = 6) =>
  load(
    `<h1>Shop</h1><ul>${Array.from({ length: count }, (_, at) => `<li class="old-item"><a href="/b/${at}">Book ${at}</a>${html.replaceAll('#', `${at + 3}`)}</li>`).join('')}</ul>`,
  );

const rename = (html: string) => html.replaceAll('old-', 'new-');

/** A field as it is written, what the page says in a row, and the value of the first row. */
const FIELDS: [name: string, field: string, html: string, value: unknown][] = [
  ['text', '.old-x', '<b class="old-x">Red #</b>', 'Red 3'],
  [
    'price',
    '{selector: .old-x, type: price}',
    '<b class="old-x">£1#.50</b>',
    { amount: 13.5, currency: 'GBP' },
  ],
  ['number', '{selector: .old-x, type: number}', '<b class="old-x">1#.50 kg</b>', 13.5],
  [
    'number of a locale',
    '{selector: .old-x, type: number, locale: de-DE}',
    '<b class="old-x">1.00#,50</b>',
    1003.5,
  ],
  ['integer of one digit', '{selector: .old-x, type: integer}', '<b class="old-x">#</b>', 3],
  ['date', '{selector: .old-x, type: date}', '<b class="old-x"># May 2024</b>', '2024-05-03'],
  [
    'date of a locale',
    '{selector: .old-x, type: date, locale: de-DE}',
    '<b class="old-x">#. Mai 2024</b>',
    '2024-05-03',
  ],
  ['boolean', '{selector: .old-x, type: boolean}', '<b class="old-x">In stock (#)</b>', true],
  [
    'boolean of a pattern',
    '{selector: .old-x, type: boolean, regex: left}',
    '<b class="old-x"># left</b>',
    true,
  ],
  ['pattern', '{selector: .old-x, regex: "[0-9.]+"}', '<b class="old-x">Costs £1#.50 only</b>', '13.50'],
  [
    'pattern and type',
    '{selector: .old-x, regex: "[0-9.]+", type: number}',
    '<b class="old-x">Costs 1#.50</b>',
    13.5,
  ],
  ['attribute', '{selector: .old-x, attribute: data-id}', '<b class="old-x" data-id="k-1#">x</b>', 'k-13'],
  [
    'typed attribute',
    '{selector: .old-x, attribute: content, type: price}',
    '<meta class="old-x" content="£1#.50">',
    { amount: 13.5, currency: 'GBP' },
  ],
  [
    'address',
    '{selector: .old-x, attribute: href}',
    '<a class="old-x" href="/c/1#">more</a>',
    'http://shop.example/c/13',
  ],
  [
    'markup',
    '{selector: .old-x, html: true}',
    '<p class="old-x">A <i>fine</i> book, #</p>',
    'A <i>fine</i> book, 3',
  ],
  [
    'list',
    '{selector: .old-x, multiple: true}',
    '<i class="old-x">Red #</i><i class="old-x">Blue #</i>',
    ['Red 3', 'Blue 3'],
  ],
  [
    'list of prices',
    '{selector: .old-x, multiple: true, type: price}',
    '<i class="old-x">£1#.50</i><i class="old-x">£2#.50</i>',
    [
      { amount: 13.5, currency: 'GBP' },
      { amount: 23.5, currency: 'GBP' },
    ],
  ],
  [
    'object',
    '{selector: .old-x, children: {who: i, pay: {selector: u, type: price}}}',
    '<p class="old-x"><i>Anna #</i> <u>£1#.50</u></p>',
    { who: 'Anna 3', pay: { amount: 13.5, currency: 'GBP' } },
  ],
  [
    'field in an object',
    '{selector: p, children: {who: i, pay: {selector: .old-x, type: price}}}',
    '<p><i>Anna #</i> <u class="old-x">£1#.50</u></p>',
    { who: 'Anna 3', pay: { amount: 13.5, currency: 'GBP' } },
  ],
];

describe('a field whose class has a new name is repaired', () => {
  it.for(FIELDS)('%s, with the rows or without', ([, field, html, value]) => {
    for (const item of ['old-item', 'kept-item']) {
      const yaml = `url: http://shop.example/list\nitem: li.${item}\nselectors:\n  title: a\n  it: ${field}\n`;
      const { config } = parseExtraction(yaml, 'shop.yaml');
      const page = (change: (text: string) => string) =>
        load(change(rowsOf(html).$.html().replaceAll('old-item', item)));
      const [before, now] = [page(String), page(rename)];
      const { changed } = comparePages(before, now, config);
      const repaired = repairSelectors(before, now, config, changed);
      expect(repaired, item).toMatchObject({ rows: 6, empty: [], sample: { title: 'Book 0', it: value } });
    }
  });

  it.for(FIELDS.filter(([name]) => !/^boolean of/.test(name)))(
    '%s, on a detail page',
    ([, field, html, value]) => {
      const yaml = `url: http://shop.example/list\nselectors: {title: a}\nfollow:\n  selector: a\n  selectors:\n    it: ${field}\n`;
      const { config } = parseExtraction(yaml, 'shop.yaml');
      const follow = config.follow as NonNullable<typeof config.follow>;
      // What is beside it does not belong to it.
      const body = `<h1>Book</h1><section><i>Red</i> <b>Blue 30</b></section><div>${html.replaceAll('#', '3')}</div><i>£9.50</i>`;
      const [before, now] = [load(body), load(rename(body))];
      expect(extractDetail(before, follow, config).fields).toEqual({ it: value });
      const detail = { page: now, follow, level: 1 };
      const changed = compareDetails(before, detail, config);
      const [change] = repairDetails(before, detail, config, changed);
      expect(JSON.stringify(change?.value)).toContain('new-x');
      const [selector, it] = [change?.value, follow.selectors['it']];
      if (typeof selector !== 'string' || it === undefined || it.children !== undefined) return;
      expect(extractDetail(now, { selectors: { it: { ...it, selector } } }, config).fields).toEqual({
        it: value,
      });
    },
  );
});

it('a field that the page has no more is named, as are those within fields', () => {
  const yaml =
    'url: http://shop.example/list\nitem: li.old-item\nselectors: {title: a, cost: {selector: .old-x, type: price}, by: {selector: p, children: {who: i, at: .old-y}}}\n';
  const { config } = parseExtraction(yaml, 'shop.yaml');
  const before = rowsOf('<b class="old-x">£1#.50</b><p><i>Anna</i><s class="old-y">Ulm</s></p>');
  const now = load(rename(rowsOf('<p><i>Anna</i></p>').$.html()));
  const { changed } = comparePages(before, now, config);
  const repaired = repairSelectors(before, now, config, changed);
  expect(repaired).toMatchObject({ rows: 6, empty: ['cost', 'by.at'], changes: [{ path: 'item' }] });
});

it('of selectors that hold the example, that is taken whose values are those of before', () => {
  const yaml = 'url: http://shop.example/list\nitem: li.old-item\nselectors: {title: a, name: .old-x}\n';
  const { config } = parseExtraction(yaml, 'shop.yaml');
  // In the first row, the class new-y holds the same text; in the others, too.
  const html = (at: string) => `<b class="old-x">Red ${at}</b>`;
  const before = rowsOf(html('#'));
  const now = load(rowsOf('<i class="new-y">Red 3</i><b class="new-x">Red #</b>').$.html());
  const { changed } = comparePages(before, now, config);
  const { changes } = repairSelectors(before, now, config, changed);
  expect(changes).toMatchObject([{ path: 'selectors.name', value: expect.stringMatching(/new-x|b/) }]);
});
