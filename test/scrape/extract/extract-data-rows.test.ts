import fc from 'fast-check';
import { JSONPathEnvironment } from 'json-p3';
import { describe, expect, it } from 'vitest';
import { createConcealer } from '../../../src/core/lib/redact.ts';
import { concealPage } from '../../../src/scrape/extract/conceal-page.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { propertyRuns } from '../../property-runs.ts';
import { configOf } from './fixtures.ts';

const URL_OF_PAGE = 'http://shop.test/api/list';
const BOOKS = {
  total: 2,
  results: [
    {
      id: 1,
      title: '  A   <b>light</b> ',
      price: { value: 51.77 },
      tags: ['new', 'paper'],
      path: '/b/1',
      added: 1_700_000_000,
      stock: true,
      authors: [{ name: 'Ann', born: 1970 }, { name: 'Bob' }],
      seen: '3 March 2026',
    },
    { id: 2, title: null, price: { value: '1.234,50 €' }, tags: [], stock: 0 },
  ],
};

const jsonPage = (data: unknown, type = 'application/json', embedded?: string) =>
  loadPage(Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)), type, URL_OF_PAGE, {
    embedded,
  });
const rowsOf = (data: unknown, yaml: string, type?: string) =>
  extractRows(jsonPage(data, type), configOf(yaml));

describe('rows of JSON', () => {
  it('have the values of the data: numbers, booleans and lists as they are, texts cleaned', () => {
    const { rows, matches, found } = rowsOf(
      BOOKS,
      `item: "json:$.results[*]"
selectors:
  id: "json:$.id"
  title: "json:$.title"
  price: "json:$.price.value"
  tags: {selector: "json:$.tags", multiple: true}
  first_tag: "json:$.tags[0]"
  link: {selector: "json:$.path", absolute: true}
  stock: "json:$.stock"
  authors: {selector: "json:$.authors[*]", multiple: true, children: {name: "json:$.name", born: "json:$.born"}}
data_cleaning: {strip_html: true}`,
    );
    expect(rows).toEqual([
      {
        id: 1,
        title: 'A light',
        price: 51.77,
        tags: ['new', 'paper'],
        first_tag: 'new',
        link: 'http://shop.test/b/1',
        stock: true,
        authors: [
          { name: 'Ann', born: 1970 },
          { name: 'Bob', born: null },
        ],
      },
      {
        id: 2,
        title: null,
        price: '1.234,50 €',
        tags: [],
        first_tag: null,
        link: null,
        stock: 0,
        authors: [],
      },
    ]);
    expect(found.item).toBe(2);
    expect(matches).toMatchObject({ id: 2, link: 1, 'authors.name': 2 });
  });

  it('have what the engine finds by any path in any data', () => {
    const key = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'x y');
    const step = fc.oneof(
      key.map((name) => `['${name}']`),
      fc.integer({ min: -2, max: 2 }).map((at) => `[${at}]`),
      fc.constantFrom('[*]', "..['a']", '[0,1]', '[?@.a]'),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, 1, true, 'text'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    const field = (path: string, multiple: boolean) => ({
      selector: `json:${path}`,
      html: false,
      multiple,
    });
    const config = configOf('item: "json:$[*]"\nselectors: {x: "json:$"}');
    const engine = new JSONPathEnvironment();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3 }), fc.array(tree, { maxLength: 3 }), (steps, list) => {
        const path = `$${steps.join('')}`;
        const text = JSON.stringify(list);
        const data = JSON.parse(text) as never[];
        const found = data.map((row) => engine.query(path, row).values());
        const expected = found.flatMap((values) => {
          const all = values.flat().filter((value) => value !== null);
          const one = values[0] ?? null;
          const isEmpty = one === null || (Array.isArray(one) && one.length === 0);
          return isEmpty && all.length === 0 ? [] : [{ one, all }];
        });
        const selectors = { one: field(path, false), all: field(path, true) };
        const { rows, matches } = extractRows(jsonPage(text), { ...config, selectors });
        // As JSON: `__proto__` is an ordinary name there.
        expect(JSON.stringify(rows)).toBe(JSON.stringify(expected));
        expect(matches['one']).toBe(found.flat().length);
      }),
      { numRuns: propertyRuns(400) },
    );
  });

  it('keep a number that is too large to be held as a text, and say so where it should be a number', () => {
    const { rows, unread } = rowsOf(
      '[{"n":1e999,"t":1e999,"l":[1e999]}]',
      'item: "json:$[*]"\nselectors: {n: {selector: "json:$.n", type: number}, t: "json:$.t", l: "json:$.l"}',
    );
    expect(rows).toEqual([{ n: null, t: '1e999', l: ['1e999'] }]);
    expect(unread).toEqual([
      { field: 'n', reason: 'is a number that is too large to be held', count: 1, sample: '1e999' },
    ]);
  });

  it('are read by type: a number of JSON needs no locale, a text does', () => {
    const { rows, unread } = rowsOf(
      BOOKS,
      `item: "json:$.results[*]"
locale: de
selectors:
  price: {selector: "json:$.price.value", type: price}
  stock: {selector: "json:$.stock", type: boolean}
  added: {selector: "json:$.added", type: date}
  seen: {selector: "json:$.seen", type: date, locale: en}
  year: {selector: "json:$.added", type: date, regex: "^17"}
  list: {selector: "json:$.tags", type: number}`,
    );
    expect(rows).toEqual([
      {
        price: { amount: 51.77, currency: null },
        stock: true,
        added: '2023-11-14T22:13:20Z',
        seen: '2026-03-03',
        year: null,
        list: null,
      },
      {
        price: { amount: 1234.5, currency: 'EUR' },
        stock: false,
        added: null,
        seen: null,
        year: null,
        list: null,
      },
    ]);
    expect(unread).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: 'list', reason: 'is not a number', count: 2 }),
      ]),
    );
  });

  it.each([
    ['$.result[*]', 'is an object with total, results. Did you mean $.results?'],
    ['$.results', 'Its entries are the rows: item: "json:$.results[*]"'],
    ['$.total', 'the first is a number'],
    ['$.results[*].price', 'the first has value'],
  ])('say what is there when %s gives none', (path, told) => {
    const { rows, warnings } = rowsOf(BOOKS, `item: "json:${path}"\nselectors: {title: "json:$.title"}`);
    expect(rows).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(told)]);
  });

  it.each([
    ['$.items[*]', { meta: 1, data: { items: [{ t: 1 }] } }, 'Did you mean $.data.items?'],
    ['$.items[*]', { meta: 1, data: { page: { items: [{ t: 1 }] } } }, 'Did you mean $.data.page.items?'],
    ['$.data.items[*]', { data: { list: { items: [{ t: 1 }] } } }, 'Did you mean $.data.list.items?'],
    ['$.books[*]', [{ t: 1, u: 2 }], '$ is a list of 1, the first with t, u. Did you mean $[0] or $[*]?'],
    [
      '$.books[*]',
      [{ books: [] }],
      '$ is a list of 1, the first with books. Did you mean $[0].books or $[*].books?',
    ],
    ['$.books[*]', [[1], [2]], '$ is a list of 2. Did you mean $[0] or $[*]?'],
    ['$.books[*]', 'no books today', '$ is a text, "no books today"'],
    [
      '$.books[*]',
      JSON.stringify({ books: ['one', 'two', 'three', 'four'] }),
      '$ is a text that holds JSON, "{\\"books\\":[',
    ],
  ])('say for %s and %j what leads on', (path, data, told) => {
    const { warnings } = rowsOf(JSON.stringify(data), `item: "json:${path}"\nselectors: {t: "json:$.t"}`);
    expect(warnings).toEqual([expect.stringContaining(told)]);
  });

  it('an empty list is an answer without a warning', () => {
    const { rows, warnings } = rowsOf(
      { results: [] },
      'item: "json:$.results[*]"\nselectors: {t: "json:$.t"}',
    );
    expect([rows, warnings]).toEqual([[], []]);
  });

  it('without item the page is one row, and a path with many values says so', () => {
    const { rows, warnings } = rowsOf(
      BOOKS,
      'selectors: {id: "json:$.results[*].id", total: "json:$.total"}',
    );
    expect(rows).toEqual([{ id: 1, total: 2 }]);
    expect(warnings).toEqual([expect.stringContaining('Perhaps: item: "json:$.results[*]"')]);
  });

  it.each(['text/plain', 'text/html', 'application/octet-stream', ''])(
    'are read from type %j, too',
    (type) => {
      const { rows } = rowsOf(BOOKS, 'item: "json:$.results[*]"\nselectors: {id: "json:$.id"}', type);
      expect(rows).toEqual([{ id: 1 }, { id: 2 }]);
    },
  );

  it('a page for people in their place is an error that names it', () => {
    const page = '<title>Sign in</title><form><input type="password"></form>';
    expect(() => rowsOf(page, 'item: "json:$[*]"\nselectors: {id: "json:$.id"}', 'text/html')).toThrow(
      expect.objectContaining({
        kind: 'no_items',
        message: `item: "json:$[*]" reads JSON, and ${URL_OF_PAGE} is HTML, with the title "Sign in"`,
      }),
    );
  });

  it('data of any depth are refused in words', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(() => rowsOf(deep, 'item: "json:$..x"\nselectors: {id: "json:$.id"}')).toThrow(
      expect.objectContaining({ kind: 'too_large' }),
    );
  });
});

it('a value nested too deep for a row is none, and counts as unread', () => {
  const deep = `${'{"x":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const config = configOf(
    'item: "json:$[*]"\nselectors: {id: "json:$.id", a: "json:$.a", n: {selector: "json:$.a", type: number}}',
  );
  const { rows, unread } = extractRows(jsonPage(`[{"id":1,"a":${deep}},{"id":2,"a":{"x":2}}]`), config);
  expect(rows).toEqual([
    { id: 1, a: null, n: null },
    { id: 2, a: { x: 2 }, n: null },
  ]);
  expect(unread[0]).toMatchObject({ field: 'a', reason: 'is nested too deep for a row', count: 1 });
});

describe('JSON in a page', () => {
  const html = (script: string) => `<h1>Shop</h1><script id="data">${script}</script><ul><li>one<li>two</ul>`;
  const fromScript = (script: string) =>
    extractRows(
      jsonPage(html(script), 'text/html', 'script#data'),
      configOf('embedded: "script#data"\nitem: "json:$.list[*]"\nselectors: {x: "json:$.x"}'),
    ).rows;

  it.each([
    ['{"list":[{"x":1}]}'],
    ['window.__STATE__ = {"list":[{"x":1}]};\nrun();'],
    ['window.app||(app={});app.tags=[];app.state={"list":[{"x":1}]};'],
    ['var a = "{", state={"list":[{"x":1}]}'],
    ['{"list":[{"x":1},],}'],
    ['{"list":[{"x":1, "text":"one\ntwo"}] /* all */}'],
    ['<!-- {"list":[{"x":1}]} -->'],
    ['window.__STATE__ = {"list":[{"x":1,},],};\nrun();'],
    [`window.S = JSON.parse('{"list":[{"x":1}]}')`],
    [`window.S = JSON.parse("{\\"list\\":[{\\"x\\":1}]}")`],
  ])('is read from %j', (script) => {
    expect(fromScript(script)).toEqual([{ x: 1 }]);
  });

  it('is an error when the script is not there, or is no JSON', () => {
    expect(() => fromScript('run(1)')).toThrow(
      'has "script#data" (embedded), whose text is not JSON, and contains none',
    );
    expect(() => fromScript('{"text":"one\ntwo",\n "list":[{"x":NaN}],}')).toThrow(
      'has "script#data" (embedded), whose text is not JSON from line 3, column 15 on: "NaN" is not allowed there',
    );
    const config = configOf('embedded: "script#other"\nitem: "json:$"\nselectors: {x: "json:$.x"}');
    expect(() => extractRows(jsonPage(html('{}'), 'text/html', 'script#other'), config)).toThrow(
      'has no element "script#other" (embedded)',
    );
  });

  it('is the same in each row of elements', () => {
    const { rows } = extractRows(
      jsonPage(html('{"shop":"A"}'), 'text/html', 'script#data'),
      configOf('embedded: "script#data"\nitem: li\nselectors: {n: "xpath:.", shop: "json:$.shop"}'),
    );
    expect(rows).toEqual([
      { n: 'one', shop: 'A' },
      { n: 'two', shop: 'A' },
    ]);
  });
});

describe('secret values in JSON', () => {
  const conceal = createConcealer({ TOKEN: 'geheim-1234', PIN: '482193' });
  const page = jsonPage({ pin: 482_193, next: '/p?t=geheim-1234', other: 'x' });
  const shown = conceal === undefined ? page : concealPage(page, conceal);

  it('are seen as references, and no path can ask for them', () => {
    const { rows } = extractRows(
      shown,
      configOf('selectors: {pin: "json:$.pin", next: "json:$.next", hit: "json:$[?@ == 482193]"}'),
    );
    expect(rows).toEqual([{ pin: '${PIN}', next: '/p?t=${TOKEN}', hit: null }]);
  });

  it('are still in the addresses that are followed', () => {
    const { links } = extractRows(
      { ...shown, writtenLinksOnly: true },
      configOf(
        'selectors: {o: "json:$.other"}\nfollow: {selector: "json:$.next", selectors: {b: "json:$.b"}}',
      ),
    );
    expect(links).toEqual(['http://shop.test/p?t=geheim-1234']);
  });
});
