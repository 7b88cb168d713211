import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { exportSelection } from '../../../src/scrape/inspector/export-selection.ts';
import { tempFolder } from '../../temp-folder.ts';
import { ask, askSqlite, hasSqlite, pythonWithOpenpyxl } from '../output/other-programs.ts';

const YAML = `name: books
url: https://shop.example/
selectors:
  item: article
  title: h3
  day: { selector: time, type: date }
`;
const ROWS = [
  { title: '=1+1', price: 20, day: '2026-11-25' },
  { title: 'Attic', price: 3.5, day: '2026-11-26' },
];

type Request = Parameters<typeof exportSelection>[0];

function prepared(rows: readonly object[] = ROWS) {
  const folder = tempFolder();
  const out = join(folder, 'out');
  mkdirSync(out);
  writeFileSync(join(folder, 'items.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const write = (name: string, request: Partial<Request> = {}, onShare: (share: number) => void = () => {}) =>
    exportSelection(
      {
        ask: 'export',
        name: join(out, name),
        home: join(folder, 'home'),
        jobs_dir: join(folder, 'home', 'jobs'),
        items_file: join(folder, 'items.jsonl'),
        staging_file: join(folder, `staged-${name}.jsonl`),
        selection: { terms: [] },
        fields: ['title', 'price', 'day'],
        force: false,
        home_read_only: false,
        time_limit_ms: 1,
        ...request,
      },
      onShare,
    );
  return { out, write, path: (name: string) => join(out, name) };
}

it('writes rows as a job writes its output: formulas are neutralized, columns are those asked for', async () => {
  const { write, path } = prepared();
  const shares: number[] = [];
  const selection = {
    terms: [],
    fields: ['price', 'title'],
    order: [{ field: 'price', descending: false }],
  };
  const answer = await write('books.csv', { selection }, (share) => shares.push(share));
  const text = readFileSync(path('books.csv'), 'utf8');
  expect(text).toBe("price,title\n3.5,Attic\n20,'=1+1\n");
  expect(answer).toEqual({ items: 2, bytes: Buffer.byteLength(text), warnings: [] });
  expect(shares.at(-1)).toBe(1);
  await write('books.json.gz', { selection });
  expect(JSON.parse(gunzipSync(readFileSync(path('books.json.gz'))).toString())).toEqual([
    { price: 3.5, title: 'Attic' },
    { price: 20, title: '=1+1' },
  ]);
});

it.skipIf(pythonWithOpenpyxl === undefined)(
  'a workbook has the dates of the configuration as dates (apt install python3-openpyxl)',
  async () => {
    const { write, path } = prepared();
    await write('books.xlsx', { yaml: YAML });
    const program = `
import json, openpyxl, sys
sheet = openpyxl.load_workbook(sys.argv[1])['items']
print(json.dumps([[cell.value.isoformat() if cell.is_date else cell.value for cell in row] for row in sheet.iter_rows()]))
`;
    expect(ask(pythonWithOpenpyxl ?? '', program, path('books.xlsx'))).toEqual([
      ['title', 'price', 'day'],
      ['=1+1', 20, '2026-11-25T00:00:00'],
      ['Attic', 3.5, '2026-11-26T00:00:00'],
    ]);
  },
);

it.skipIf(!hasSqlite)('a database has the rows in the table items (apt install sqlite3)', async () => {
  const { write, path } = prepared();
  await write('books.db');
  expect(askSqlite(path('books.db'), 'SELECT title, price FROM items')).toEqual([
    { title: '=1+1', price: 20 },
    { title: 'Attic', price: 3.5 },
  ]);
});

it('no row that matches makes a file with the header only', async () => {
  const { write, path } = prepared([]);
  expect(await write('books.csv')).toMatchObject({ items: 0 });
  expect(readFileSync(path('books.csv'), 'utf8')).toBe('title,price,day\n');
});

it.each(['books.csv', 'books.db'])(
  'a %s that appears while rows are collected is not replaced',
  async (name) => {
    const { out, write, path } = prepared();
    const written = write(name, {}, () => {
      if (!existsSync(path(name))) writeFileSync(path(name), 'of somebody else');
    });
    await expect(written).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(path(name), 'utf8')).toBe('of somebody else');
    expect(readdirSync(out)).toEqual([name]);
  },
);

it('says why a file cannot be written', async () => {
  const { out, write, path } = prepared();
  mkdirSync(path('books.csv'));
  await expect(write('books.csv', { force: true })).rejects.toMatchObject({
    code: 'invalid_params',
    field: 'to',
    message: `to: ${join(out, 'books.csv')} is a folder`,
  });
});
