import { appendFileSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ask, askSqlite, hasSqlite, python, pythonWithOpenpyxl } from './other-programs.ts';
import { withExport } from './with-export.ts';

const { path, stage, write } = withExport();

/** What pages hold that has broken files before. */
const TEXTS = [
  '=1+1',
  '=HYPERLINK("http://127.0.0.1/","x")',
  'a "quoted" word',
  "'single'",
  'two\nlines',
  'tab\there',
  'a,b;c|d',
  '世界、日本語',
  '👩‍👩‍👧‍👦 🎉',
  'Grüße',
  '\u2028\u2029',
  ' spaces ',
  '<b>&amp;</b> ]]>',
  '\uFEFFmark',
  '007',
  '-5',
  'NaN',
  'x'.repeat(40_000),
];
const ROWS = TEXTS.map((text, index) => ({ text, number: index * 1.5, whole: index, flag: index % 2 === 0 }));
const LONGEST = 32_767;

describe.skipIf(pythonWithOpenpyxl === undefined)('openpyxl (apt install python3-openpyxl)', () => {
  const read = (name: string) =>
    ask(
      pythonWithOpenpyxl ?? '',
      `
import json, openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
show = lambda cell: [cell.data_type, cell.value.isoformat() if cell.is_date else cell.value]
print(json.dumps({sheet.title: [[show(cell) for cell in row] for row in sheet.iter_rows()] for sheet in book}))
`,
      path(name),
    ) as Record<string, [type: string, value: unknown][][]>;

  it('finds every text in a workbook as it was, none of them a formula, cut where a cell ends', async () => {
    stage(ROWS);
    expect(await write('out.xlsx', { table: 'books' })).toEqual([
      expect.stringContaining('one text was cut to the 32,767 characters'),
    ]);
    const [header, ...rows] = read('out.xlsx')['books'] ?? [];
    expect(header).toEqual(['text', 'number', 'whole', 'flag'].map((name) => ['s', name]));
    expect(rows).toEqual(
      ROWS.map(({ text, number, whole, flag }) => [
        ['s', text.slice(0, LONGEST)],
        ['n', number],
        ['n', whole],
        ['b', flag],
      ]),
    );
  });

  it('finds dates where they are asked for, lists as JSON, and no control characters', async () => {
    stage([
      {
        date: '2026-11-25',
        at: '2024-02-29T10:30:00',
        odd: '2026-02-30',
        list: ['a', { b: 1 }],
        text: 'a\u0001\u000bb\0',
      },
      { date: '1899-12-31', at: '2026-11-25T10:00:00Z', odd: 'today', list: null, text: 'c\r\nd\re' },
    ]);
    await write('out.xlsx', { dates: new Set(['date', 'at', 'odd']) });
    expect(read('out.xlsx')['items']?.slice(1)).toEqual([
      [
        ['d', '2026-11-25T00:00:00'],
        ['d', '2024-02-29T10:30:00'],
        ['s', '2026-02-30'],
        ['s', '["a",{"b":1}]'],
        ['s', 'ab'],
      ],
      [
        ['s', '1899-12-31'],
        ['s', '2026-11-25T10:00:00Z'],
        ['s', 'today'],
        ['n', null],
        ['s', 'c\nd\ne'],
      ],
    ]);
  });

  it('finds nothing where a number is missing', async () => {
    stage([{ a: 1, b: null }]);
    // JSON has no word for them, and a number that is too large is infinite.
    appendFileSync(path('items.jsonl'), '{"a":1e999,"b":-1e999}\n{"a":2,"b":3}\n');
    await write('out.xlsx');
    expect(read('out.xlsx')['items']?.slice(1)).toEqual([
      [
        ['n', 1],
        ['n', null],
      ],
      [
        ['n', null],
        ['n', null],
      ],
      [
        ['n', 2],
        ['n', 3],
      ],
    ]);
  });

  it('finds a header without rows, and a sheet whose name Excel can take', async () => {
    stage([]);
    await write('out.xlsx', { table: "a/b: [prices] of the year 2026 'and'" });
    expect(read('out.xlsx')).toEqual({
      'a_b_ _prices_ of the year 2026 ': [
        [
          ['s', 'a'],
          ['s', 'b'],
        ],
      ],
    });
  });
});

// Over a minute of two cores: QS_LARGE=1, or the night.
describe.skipIf(pythonWithOpenpyxl === undefined || !process.env['QS_LARGE'])(
  'more rows than a sheet can hold (QS_LARGE=1)',
  () => {
    it('go on on a second sheet, and none is lost', { timeout: 1_200_000 }, async () => {
      const count = 1_048_577;
      const stageNumbers = (first: number, end: number) => {
        stage([]);
        for (let from = first; from < end; from += 10_000) {
          const rows = Array.from({ length: Math.min(10_000, end - from) }, (_, n) => `{"n":${from + n}}\n`);
          appendFileSync(path('items.jsonl'), rows.join(''));
        }
      };
      stageNumbers(0, count);
      expect(await write('out.xlsx')).toEqual([expect.stringContaining('on 2 sheets')]);
      expect(
        ask(
          pythonWithOpenpyxl ?? '',
          `
import json, openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
found = {}
for sheet in book:
    rows = [row[0] for row in sheet.iter_rows(values_only=True)]
    found[sheet.title] = [len(rows), rows[0], sum(rows[1:]), rows[-1]]
print(json.dumps(found))
`,
          path('out.xlsx'),
        ),
      ).toEqual({
        items: [1_048_576, 'n', (1_048_574 * 1_048_575) / 2, 1_048_574],
        'items (2)': [3, 'n', 1_048_575 + 1_048_576, 1_048_576],
      });
      await write('out.db');
      expect(askSqlite(path('out.db'), 'SELECT count(*) AS rows, sum(n) AS sum FROM items')).toEqual([
        { rows: count, sum: (count * (count - 1)) / 2 },
      ]);
      // Added to a sheet that has room for one more, the last three give the same workbook.
      const whole = readFileSync(path('out.xlsx'));
      stageNumbers(0, count - 3);
      await write('out.xlsx');
      stageNumbers(count - 3, count);
      expect(await write('out.xlsx', { append: true })).toEqual([expect.stringContaining('on 2 sheets')]);
      expect(readFileSync(path('out.xlsx')).equals(whole)).toBe(true);
    });
  },
);

describe.skipIf(python === undefined)('Python’s csv and gzip', () => {
  it.each(['out.csv', 'out.csv.gz'])('find every cell of %s unchanged, also appended ones', async (name) => {
    stage(ROWS);
    await write(name, { escapeFormulas: false });
    await write(name, { escapeFormulas: false, append: true });
    const found = ask(
      python ?? '',
      `
import csv, gzip, json, sys
csv.field_size_limit(1 << 24)
opened = gzip.open if sys.argv[1].endswith('.gz') else open
print(json.dumps(list(csv.reader(opened(sys.argv[1], 'rt', encoding='utf-8', newline='')))))
`,
      path(name),
    );
    const rows = ROWS.map((row) => Object.values(row).map(String));
    expect(found).toEqual([['text', 'number', 'whole', 'flag'], ...rows, ...rows]);
  });
});

describe.skipIf(!hasSqlite)('SQLite’s own shell (apt install sqlite3)', () => {
  it('finds every value as it was, with its type', async () => {
    stage([...ROWS, { text: ['a', { b: 1 }], number: null, whole: 3, flag: false }]);
    appendFileSync(path('items.jsonl'), '{"text":"infinite","number":1e999}\n');
    await write('out.db', { table: 'my "books"' });
    expect(askSqlite(path('out.db'), 'SELECT sql FROM sqlite_schema')).toEqual([
      { sql: 'CREATE TABLE "my ""books""" ("text" TEXT, "number" REAL, "whole" INTEGER, "flag" INTEGER)' },
    ]);
    const types = 'typeof(number) AS n, typeof(whole) AS w';
    expect(askSqlite(path('out.db'), `SELECT *, ${types} FROM "my ""books"""`)).toEqual([
      ...ROWS.map(({ text, number, whole, flag }) => ({
        ...{ text, number, whole, flag: Number(flag) },
        ...{ n: 'real', w: 'integer' },
      })),
      { text: '["a",{"b":1}]', number: null, whole: 3, flag: 0, n: 'null', w: 'integer' },
      { text: 'infinite', number: null, whole: null, flag: null, n: 'null', w: 'null' },
    ]);
    expect(askSqlite(path('out.db'), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });
});
