import { writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import Libsql from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExportOptions } from '../../../src/scrape/output/export-options.ts';
import { failureOf } from '../http/with-site.ts';
import { ask, pythonWithOpenpyxl } from './other-programs.ts';
import { withExport } from './with-export.ts';

const { path, stage, write, read } = withExport();

const price = (amount: number, currency: string | null = 'GBP') => ({ amount, currency });
const BOOKS = [
  { title: 'a', price: price(51.77), stock: 3 },
  { title: 'b', price: price(20, null), stock: 0 },
  { title: 'c', price: null, stock: 1 },
];
const DECLARED = { fields: ['title', 'price', 'stock'], prices: new Set(['price']) };

/** Adds rows to what is there, or begins it. */
const add = (name: string, items: unknown[], options: Partial<ExportOptions> = {}) => {
  stage(items);
  return write(name, { append: true, ...options });
};

describe('in csv a price', () => {
  it('is its amount in its own column, and its currency in the one after it', async () => {
    stage(BOOKS);
    await write('out.csv');
    expect(read('out.csv')).toBe('title,price,price_currency,stock\na,51.77,GBP,3\nb,20,,0\nc,,,1\n');
  });

  it('comes back unchanged for any amount and currency', async () => {
    const prices = fc.option(
      fc.record({
        amount: fc.double({ noNaN: true, noDefaultInfinity: true }).map((amount) => amount + 0),
        currency: fc.constantFrom('EUR', 'USD', 'JPY', null),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(prices, { minLength: 1, maxLength: 20 }), async (found) => {
        stage(found.map((price) => ({ price })));
        await write('out.csv', { prices: new Set(['price']) });
        const [header, ...rows] = parse(read('out.csv')) as string[][];
        expect(header).toEqual(['price', 'price_currency']);
        expect(rows).toEqual(found.map((price) => [String(price?.amount ?? ''), price?.currency ?? '']));
        const amounts = rows.map(([amount = '']) => (amount === '' ? null : Number(amount)));
        expect(amounts).toEqual(found.map((price) => price?.amount ?? null));
      }),
      { numRuns: 30 },
    );
  });

  it('is JSON text where values are of two sorts, no price, or the second column is a field', async () => {
    for (const [items, text] of [
      [[{ p: price(1) }, { p: '2' }], 'p\n"{""amount"":1,""currency"":""GBP""}"\n2\n'],
      [[{ p: [price(1)] }], 'p\n"[{""amount"":1,""currency"":""GBP""}]"\n'],
      [[{ p: { amount: '1', currency: 'x' } }], 'p\n"{""amount"":""1"",""currency"":""x""}"\n'],
      [[{ p: { ...price(1), of: 2 } }], 'p\n"{""amount"":1,""currency"":""GBP"",""of"":2}"\n'],
      [[{ p: price(1), P_Currency: 'x' }], 'p,P_Currency\n"{""amount"":1,""currency"":""GBP""}",x\n'],
    ] as const) {
      stage([...items]);
      await write('out.csv');
      expect(read('out.csv')).toBe(text);
    }
    stage([{ p: price(1) }]);
    await write('out.csv', { fields: ['p', 'p_currency'] });
    expect(read('out.csv')).toBe('p\n"{""amount"":1,""currency"":""GBP""}"\n');
  });

  it('has both columns by its type, even without rows or prices', async () => {
    stage([]);
    await write('out.csv', DECLARED);
    expect(read('out.csv')).toBe('title,price,price_currency,stock\n');
    await add('out.csv', BOOKS, DECLARED);
    expect(read('out.csv')).toBe('title,price,price_currency,stock\na,51.77,GBP,3\nb,20,,0\nc,,,1\n');
    stage([{ title: 'c', price: null, stock: 1 }]);
    await write('out.csv', DECLARED);
    expect(read('out.csv')).toBe('title,price,price_currency,stock\nc,,,1\n');
  });

  it('has its columns called so that no spreadsheet runs them, also where rows are added', async () => {
    for (let run = 1; run <= 2; run++) await add('out.csv', [{ '=p': price(-5) }]);
    expect(read('out.csv')).toBe("'=p,'=p_currency\n-5,GBP\n-5,GBP\n");
  });

  it('stays JSON text in a file that began with it', async () => {
    const old = 'title,price,stock\nz,"{""amount"":1,""currency"":""EUR""}",1\n';
    writeFileSync(path('out.csv'), old);
    expect(await add('out.csv', BOOKS.slice(0, 1), DECLARED)).toEqual([]);
    expect(await add('out.csv', BOOKS.slice(2), DECLARED)).toEqual([]);
    expect(read('out.csv')).toBe(`${old}a,"{""amount"":51.77,""currency"":""GBP""}",3\nc,,1\n`);
  });

  it('goes into both columns of a file that has them, beside values of another sort', async () => {
    await add('out.csv', BOOKS.slice(0, 1));
    expect(await add('out.csv', BOOKS.slice(2))).toEqual([]);
    expect(await add('out.csv', [{ title: 'd', price: 'free', stock: 0 }, BOOKS[1]])).toEqual([]);
    expect(read('out.csv')).toBe(
      'title,price,price_currency,stock\na,51.77,GBP,3\nc,,,1\nd,free,,0\nb,20,,0\n',
    );
  });

  it('is refused with both names by a file that has neither', async () => {
    writeFileSync(path('out.csv'), 'title,stock\nz,1\n');
    expect(await failureOf(add('out.csv', BOOKS))).toMatchObject({
      kind: 'output',
      message: expect.stringContaining('it has no column "price", "price_currency" (it has: title, stock)'),
    });
  });
});

it('in json and jsonl a price is the record that it is', async () => {
  stage(BOOKS);
  await write('out.jsonl', DECLARED);
  await write('out.json', DECLARED);
  expect(
    read('out.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(BOOKS);
  expect(JSON.parse(read('out.json'))).toEqual(BOOKS);
});

describe('in sqlite a price', () => {
  const open = () => {
    const db = new Libsql(path('out.db'));
    onTestFinished(() => {
      db.close();
    });
    return db;
  };
  const rows = () =>
    (open().prepare('SELECT * FROM items ORDER BY rowid').raw().all() as unknown[][]).map((row) => [...row]);
  const columns = () =>
    (open().prepare("SELECT name, type FROM pragma_table_info('items')").raw().all() as unknown[][]).map(
      (row) => row.join(' ').trimEnd(),
    );
  const text = (amount: number, currency: string | null = 'GBP') => JSON.stringify(price(amount, currency));

  it('is a number that can be reckoned with, and the code as a text', async () => {
    stage(BOOKS);
    await write('out.db');
    expect(columns()).toEqual(['title TEXT', 'price REAL', 'price_currency TEXT', 'stock INTEGER']);
    expect(rows()).toEqual([
      ['a', 51.77, 'GBP', 3],
      ['b', 20, null, 0],
      ['c', null, null, 1],
    ]);
    expect(await add('out.db', BOOKS.slice(2))).toEqual([]);
    expect(rows().at(-1)).toEqual(['c', null, null, 1]);
  });

  it('stays JSON text in a table that began with it, which gets no column', async () => {
    open().exec('CREATE TABLE items (title TEXT, price TEXT, stock INTEGER)');
    expect(await add('out.db', BOOKS.slice(0, 1), DECLARED)).toEqual([]);
    expect(await add('out.db', [], DECLARED)).toEqual([]);
    expect(await add('out.db', BOOKS.slice(2), DECLARED)).toEqual([]);
    expect(columns()).toEqual(['title TEXT', 'price TEXT', 'stock INTEGER']);
    expect(rows()).toEqual([
      ['a', text(51.77), 3],
      ['c', null, 1],
    ]);
    stage(BOOKS.slice(0, 1));
    await write('out.db', DECLARED);
    expect(rows()).toEqual([['a', 51.77, 'GBP', 3]]);
  });

  it('gets both columns in a table that has neither, and updates both by a key', async () => {
    open().exec('CREATE TABLE items (title TEXT)');
    expect(await add('out.db', [{ title: 'a', price: price(5) }], { key: ['title'] })).toEqual([
      expect.stringMatching(/has new columns: price, price_currency$/),
    ]);
    await add('out.db', [{ title: 'a', price: price(6, 'USD') }], { key: ['title'] });
    expect(rows()).toEqual([['a', 6, 'USD']]);
  });

  it('is known by all of it where it is the key', async () => {
    const items = [{ price: price(5) }, { price: price(5, 'USD') }, { price: price(5, null) }];
    for (let run = 1; run <= 2; run++)
      await add('out.db', items, { key: ['price'], prices: new Set(['price']) });
    expect(rows()).toEqual([[text(5)], [text(5, 'USD')], [text(5, null)]]);
  });

  it('takes no column of another field for its currency', async () => {
    open().exec('CREATE TABLE items (title TEXT, Price_Currency TEXT)');
    await add('out.db', [{ title: 'a', price: price(5) }]);
    expect(columns()).toEqual(['title TEXT', 'Price_Currency TEXT', 'price TEXT']);
    expect(rows()).toEqual([['a', null, text(5)]]);
  });
});

describe.skipIf(pythonWithOpenpyxl === undefined)('in excel a price (apt install python3-openpyxl)', () => {
  const sheet = () =>
    ask(
      pythonWithOpenpyxl ?? '',
      `
import json, openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps([[cell.value for cell in row] for row in book['items'].iter_rows()]))
`,
      path('out.xlsx'),
    );

  it('is a number and a text, and so it is where rows are added', async () => {
    const dates = new Set(['title', 'price', 'stock']);
    await add('out.xlsx', BOOKS.slice(0, 2), { ...DECLARED, dates });
    expect(await add('out.xlsx', BOOKS.slice(2), { ...DECLARED, dates })).toEqual([]);
    expect(await add('out.xlsx', [], DECLARED)).toEqual([]);
    expect(sheet()).toEqual([
      ['title', 'price', 'price_currency', 'stock'],
      ['a', 51.77, 'GBP', 3],
      ['b', 20, null, 0],
      ['c', null, null, 1],
    ]);
  });

  it('has both columns without rows, which later runs fill', async () => {
    await add('out.xlsx', [], DECLARED);
    await add('out.xlsx', BOOKS.slice(0, 1), DECLARED);
    expect(sheet()).toEqual([
      ['title', 'price', 'price_currency', 'stock'],
      ['a', 51.77, 'GBP', 3],
    ]);
  });

  it('stays JSON text in a workbook that began with it', async () => {
    // As one was written of rows that hold the text itself.
    await add('out.xlsx', [{ title: 'z', price: JSON.stringify(price(1, 'EUR')), stock: 1 }]);
    expect(await add('out.xlsx', BOOKS.slice(0, 1), DECLARED)).toEqual([]);
    expect(await add('out.xlsx', BOOKS.slice(2), DECLARED)).toEqual([]);
    expect(sheet()).toEqual([
      ['title', 'price', 'stock'],
      ['z', JSON.stringify(price(1, 'EUR')), 1],
      ['a', JSON.stringify(price(51.77)), 3],
      ['c', null, 1],
    ]);
  });
});
