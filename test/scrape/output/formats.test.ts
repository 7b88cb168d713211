import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { withExport } from './with-export.ts';

const { path, stage, write, read } = withExport();

describe('csv', () => {
  it('has a header of all keys in the order in which they appear, and empty cells for null', async () => {
    stage([
      { a: 1, b: null },
      { b: true, c: 'x' },
      { c: ['1', 2], a: { k: 'v' } },
    ]);
    await write('out.csv');
    expect(read('out.csv')).toBe('a,b,c\n1,,\n,true,x\n"{""k"":""v""}",,"[""1"",2]"\n');
  });

  it('takes names with dots and brackets as names', async () => {
    stage([{ 'a.b': 1, 'c[0]': 2, __proto__x: 3 }]);
    await write('out.csv');
    expect(read('out.csv')).toBe('a.b,c[0],__proto__x\n1,2,3\n');
  });

  it('is UTF-8 without a byte order mark, with the delimiter asked for', async () => {
    stage([{ a: 'Grüße, 世界 🎉', b: 'x;y' }]);
    await write('out.csv', { delimiter: ';' });
    expect(read('out.csv')).toBe('a;b\nGrüße, 世界 🎉;"x;y"\n');
  });

  it('shows texts that a spreadsheet would run as formulas, and leaves numbers alone', async () => {
    const formulas = ['=1+1', '+SUM(A1)', '-1+2', '@cmd', '\t=1', '\r=1', '\n=1', '＝1+1'];
    const harmless = ['-5', '+4.5', '-12,50 %', '+49 30 1234', '5=5', ' =1', 'a-b', '-1e3'];
    stage([...formulas, ...harmless, -5].map((a) => ({ a })));
    await write('out.csv');
    const cells = parse(read('out.csv'), { from: 2, record_delimiter: '\n' }).flat();
    expect(cells).toEqual([...formulas.map((text) => `'${text}`), ...harmless, '-5']);
  });

  it('leaves formulas unchanged when configured', async () => {
    stage([{ '=a': '=1+1' }]);
    await write('out.csv', { escapeFormulas: false });
    expect(read('out.csv')).toBe('=a\n=1+1\n');
    await write('out.csv');
    expect(read('out.csv')).toBe("'=a\n'=1+1\n");
  });

  it('begins with a byte order mark when configured', async () => {
    stage([{ a: 'ü' }]);
    await write('out.csv', { bom: true });
    expect(read('out.csv')).toBe('\uFEFFa\nü\n');
  });

  it('has tabs between the columns of a .tsv', async () => {
    stage([{ a: 1, b: 2 }]);
    await write('out.tsv');
    expect(read('out.tsv')).toBe('a\tb\n1\t2\n');
  });

  it('without items is a header of the fields', async () => {
    stage([]);
    await write('out.csv');
    expect(read('out.csv')).toBe('a,b\n');
  });
});

describe('json', () => {
  it('is an array with one item a line', async () => {
    stage([{ a: 1 }, { a: 'zwei' }]);
    await write('out.json');
    expect(read('out.json')).toBe('[\n{"a":1},\n{"a":"zwei"}\n]\n');
  });

  it('without items is an empty array', async () => {
    stage([]);
    await write('out.json');
    expect(read('out.json')).toBe('[]\n');
  });
});

it('jsonl is one item a line', async () => {
  stage([{ a: 1 }, { a: 2 }]);
  await write('out.jsonl');
  expect(read('out.jsonl')).toBe('{"a":1}\n{"a":2}\n');
});

it('any text of a page comes back from every format', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '"', '\r', '\n', '\u2028', '\u2029', ' ', '\t', '\\', '=1+1', '-5', '\uFEFF'),
  );
  const rows = fc.array(fc.record({ a: text, b: text }, { noNullPrototype: true }), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(',', ';', '\t', '|'), async (items, delimiter) => {
      stage(items);
      await write('out.csv', { delimiter, escapeFormulas: false });
      await write('out.json');
      await write('out.jsonl');
      const csv = parse(read('out.csv'), { columns: true, delimiter, record_delimiter: '\n' });
      expect(csv).toEqual(items);
      expect(JSON.parse(read('out.json'))).toEqual(items);
      expect(
        read('out.jsonl')
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line)),
      ).toEqual(items);
    }),
    { numRuns: 30 },
  );
});

it('a line may be longer than one chunk', async () => {
  const items = [{ a: 'x'.repeat(700_000) }, { a: '世'.repeat(300_000) }, { a: 'end' }];
  stage(items);
  await write('out.jsonl');
  expect(read('out.jsonl')).toBe(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
});

it('half a surrogate pair is replaced in cells, and stays as an escape in JSON', async () => {
  stage([{ a: 'half \ud83d', b: ['\udc00', '\u{1f600}'] }]);
  for (const name of ['o.csv', 'o.json', 'o.jsonl', 'o.db']) await write(name);
  expect(read('o.csv')).toBe('a,b\nhalf \ufffd,"[""\\udc00"",""\u{1f600}""]"\n');
  for (const name of ['o.json', 'o.jsonl'])
    expect(read(name)).toMatch(/"a": ?"half \\ud83d",\s*"b": ?\[\s*"\\udc00",\s*"\u{1f600}"\s*\]/u);
  const database = new Database(path('o.db'), { readonly: true });
  expect(database.prepare('SELECT a FROM items').all()).toEqual([{ a: 'half \ufffd' }]);
  database.close();
});
