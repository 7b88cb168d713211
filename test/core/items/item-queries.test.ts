import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { countColumns } from '../../../src/core/items/column-figures.ts';
import { countValues } from '../../../src/core/items/describe-columns.ts';
import { ItemQueries } from '../../../src/core/items/item-queries.ts';
import { parseItemFilter } from '../../../src/core/items/parse-item-filter.ts';
import { placeOf, selectRows } from '../../../src/core/items/select-rows.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

const queries = new ItemQueries();
afterAll(() => queries.close());

function itemFile(items: readonly unknown[], end = '\n'): string {
  const file = join(tempFolderInMemory(), 'items.jsonl');
  writeFileSync(file, items.map((item) => JSON.stringify(item)).join('\n') + (items.length > 0 ? end : ''));
  return file;
}

const BOOKS = [
  { title: 'Lantern', price: '£20.00', stock: 'In stock' },
  { title: 'Attic', price: '£3.50', stock: 'In stock' },
  { title: 'Zoo', price: null, stock: 'Sold out' },
  { title: 'attic, the second', price: '£103.00', stock: null },
];
const terms = (text: string) => parseItemFilter(text, ['title', 'price', 'stock']).terms;

it('describes all columns at once, of the rows that match', async () => {
  const rows = [
    { ...BOOKS[0], link: 'https://shop.example/a', tags: ['a'], size: 1 },
    { ...BOOKS[1], link: 'https://shop.example/b', tags: [], size: 'L' },
    { ...BOOKS[2], price: '£3.50', size: 7 },
    { ...BOOKS[3], title: 'Lantern' },
  ];
  const file = itemFile(rows);
  const described = await queries.describeColumns(file, { terms: [] });
  const none = ['', ''];
  const numbers = { unit: ['£', ''], decimals: 2, sum: 130, min: 3.5, median: 11.75, mean: 32.5, max: 103 };
  const [ofPrices, ofSizes] = [expect.closeTo(47.6393, 4), expect.closeTo(4.2426, 4)];
  expect(described).toEqual({
    rows: 4,
    columns: [
      {
        ...{ field: 'title', type: 'text', filled: 4, distinct: 3, isCut: false },
        top: { text: 'Lantern', rows: 2 },
      },
      {
        ...{
          field: 'price',
          type: 'number',
          filled: 4,
          distinct: 3,
          isCut: false,
          ...numbers,
          stdev: ofPrices,
        },
        top: { text: '£3.50', rows: 2 },
      },
      {
        ...{ field: 'stock', type: 'text', filled: 3, distinct: 2, isCut: false },
        top: { text: 'In stock', rows: 2 },
      },
      { field: 'link', type: 'link', filled: 2, distinct: 2, isCut: false },
      { field: 'tags', type: 'list', filled: 1, distinct: 1, isCut: false },
      {
        ...{ field: 'size', type: 'mixed', filled: 3, distinct: 3, isCut: false },
        ...{ unit: none, sum: 8, min: 1, median: 4, mean: 4, stdev: ofSizes, max: 7 },
      },
    ],
  });
  const some = await queries.describeColumns(file, { terms: terms('price>10'), rows: [0, 1] });
  expect(some?.columns.map(({ filled }) => filled)).toEqual([1, 1, 1, 1, 1, 1]);
  // A single number has no deviation.
  expect(some?.columns.every(({ stdev }) => stdev === undefined)).toBe(true);
  expect(await queries.describeColumns(join(tempFolderInMemory(), 'none'), { terms: [] })).toBeUndefined();
});

it('selects rows by a filter, sorted by a column whose texts are numbers, empty ones last', async () => {
  const file = itemFile(BOOKS);
  const all = await queries.select(file, { terms: [] });
  expect([...all.rows]).toEqual([0, 1, 2, 3]);
  expect(all.all).toBe(4);
  const order = [{ field: 'price', descending: true }];
  const sorted = await queries.select(file, { terms: [], order });
  expect([...sorted.rows]).toEqual([3, 0, 1, 2]);
  const found = await queries.select(file, { terms: terms('attic'), order });
  expect([...found.rows]).toEqual([3, 1]);
  expect(found.all).toBe(4);
});

it('counts what each column holds, and how often each value of one', async () => {
  const file = itemFile(BOOKS);
  expect((await queries.countColumns(file, { terms: [] })).figures).toEqual([
    expect.objectContaining({ field: 'title', filled: 4, numbers: 0 }),
    {
      field: 'price',
      filled: 3,
      numbers: 3,
      sum: 126.5,
      min: 3.5,
      max: 103,
      median: 20,
      unit: ['£', ''],
      decimals: 2,
    },
    expect.objectContaining({ field: 'stock', filled: 3, numbers: 0 }),
  ]);
  expect(await queries.countValues(file, 'stock', { terms: [] })).toMatchObject({
    rows: 4,
    type: 'text',
    filled: 3,
    distinct: 2,
    values: [
      { text: 'In stock', rows: 2 },
      { text: 'Sold out', rows: 1 },
    ],
  });
  const some = await queries.countValues(file, 'price', { terms: terms('stock:in'), rows: [1, 2, 3] });
  expect(some).toMatchObject({ rows: 1, type: 'number', distinct: 1, min: 3.5, median: 3.5, max: 3.5 });
});

it.each([
  [
    ['12 %', '7.5 %'],
    ['', ' %'],
  ],
  [
    ['-£3', '£4.20'],
    ['£', ''],
  ],
  [
    ['1 234,50 €', '7 €'],
    ['', ' €'],
  ],
  [
    ['£3', '$4'],
    ['', ''],
  ],
  [
    [3, '£4'],
    ['', ''],
  ],
])('what stands around the numbers %j is %j, if it is the same for all', async (values, unit) => {
  const file = itemFile(values.map((value) => ({ value })));
  expect((await queries.countColumns(file, { terms: [] })).figures).toMatchObject([{ numbers: 2, unit }]);
});

it('knows the fields of all rows, also of those that are not counted', async () => {
  const file = itemFile([...BOOKS, { title: 'Last', newfield: 4 }]);
  const { figures, fields } = await queries.countColumns(file, { terms: terms('title:attic') });
  expect(figures.map(({ field }) => field)).toEqual(['title', 'price', 'stock']);
  expect(fields).toEqual(['title', 'price', 'stock', 'newfield']);
  // Only some rows were read.
  expect((await queries.countColumns(file, { terms: [], rows: [0] })).fields).toBeUndefined();
});

it('has no rows without a file, and says so when the file cannot be read', async () => {
  const missing = join(tempFolderInMemory(), 'none.jsonl');
  expect((await queries.select(missing, { terms: [] })).rows).toHaveLength(0);
  expect(await queries.countColumns(missing, { terms: [] })).toEqual({ figures: [], fields: [] });
  expect(await queries.countValues(missing, 'x', { terms: [] })).toBeUndefined();
  await expect(queries.select(tempFolderInMemory(), { terms: [] })).rejects.toThrow('cannot read');
});

it('a question that is taken back is not answered, and the next one is', async () => {
  const file = itemFile(Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'x'.repeat(200) })));
  const given = new AbortController();
  const first = queries.select(file, { terms: terms('stock:x') }, { signal: given.signal });
  given.abort(new Error('another filter'));
  await expect(first).rejects.toThrow('another filter');
  expect((await queries.select(file, { terms: [] })).rows).toHaveLength(20_000);
});

it('keeps its place in lines of any length, with a last line that has no end', async () => {
  const line = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom('x'.repeat(300_000), 'é'.repeat(150_000)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.boolean(), async (texts, hasEnd) => {
      const file = itemFile(
        texts.map((text) => ({ text })),
        hasEnd ? '\n' : '',
      );
      const handle = await open(file, 'r');
      try {
        const selected = await selectRows(handle, { terms: [] });
        expect([...selected.rows]).toEqual(texts.map((_, row) => row));
        for (const [row, text] of texts.entries()) {
          const { offset, length } = placeOf(selected, row);
          const { buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
          expect(JSON.parse(buffer.toString('utf8'))).toEqual({ text });
        }
      } finally {
        await handle.close();
      }
    }),
    { numRuns: 40 },
  );
});

it('sorts as the items themselves would be sorted, whatever they are', async () => {
  const number = fc.double({ noDefaultInfinity: true, noNaN: true });
  const value = fc.oneof(fc.integer(), number, fc.string(), fc.constant(null), fc.constant('£7'));
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 30 }), fc.boolean(), async (values, descending) => {
      const file = itemFile(values.map((v) => ({ v })));
      const handle = await open(file, 'r');
      try {
        const { rows } = await selectRows(handle, { terms: [], order: [{ field: 'v', descending }] });
        expect([...rows].sort((a, b) => a - b)).toEqual(values.map((_, row) => row));
        const { figures } = await countColumns(handle, { terms: [] });
        const counted = await countValues(handle, 'v', { terms: [] });
        expect(counted.filled).toBe(figures[0]?.filled ?? 0);
        const emptyAt = [...rows].findIndex((row) => values[row] === null);
        if (emptyAt >= 0)
          for (const row of [...rows].slice(emptyAt)) expect(String(values[row] ?? '').trim()).toBe('');
      } finally {
        await handle.close();
      }
    }),
    { numRuns: 60 },
  );
});

it('leaves lines that are no items out of what is counted, and names them', async () => {
  const file = join(tempFolderInMemory(), 'items.jsonl');
  writeFileSync(file, '{"n":1}\n{"n":\n{"n":2}\n\n{"n":"x"}\n');
  const damaged = { count: 2, rows: [1, 3] };
  const counted = await queries.countColumns(file, { terms: [] });
  expect(counted).toMatchObject({ figures: [{ field: 'n', filled: 3 }], damaged });
  expect(await queries.describeColumns(file, { terms: [] })).toMatchObject({ rows: 3, damaged });
  expect(await queries.countValues(file, 'n', { terms: [] })).toMatchObject({ rows: 3, filled: 3 });
  // No line is parsed without a filter or an order: it is among the rows then.
  const plain = await queries.select(file, { terms: [] });
  expect([...plain.rows]).toEqual([0, 1, 2, 3, 4]);
  const sorted = await queries.select(file, { terms: [], order: [{ field: 'n', descending: true }] });
  expect(sorted).toMatchObject({ rows: Uint32Array.of(4, 2, 0), all: 5, damaged });
});

it('has no figure that a number cannot hold', async () => {
  const file = itemFile([{ n: 1e308 }, { n: 1e308 }, { n: -1e308 }]);
  const described = await queries.describeColumns(file, { terms: [] });
  expect(described?.columns).toEqual([
    expect.objectContaining({ field: 'n', min: -1e308, median: 1e308, max: 1e308 }),
  ]);
  expect(JSON.stringify(described)).not.toMatch(/sum|stdev|mean|null/);
});

it('describes hundreds of columns, and counts those beyond a thousand', async () => {
  const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`c${n}`, n]));
  const described = await queries.describeColumns(itemFile([wide(300)]), { terms: [] });
  expect(described?.columns).toHaveLength(300);
  expect(described).not.toHaveProperty('further');
  const wider = await queries.describeColumns(itemFile([wide(1_200)]), { terms: [] });
  expect(wider).toMatchObject({ further: 200 });
});
