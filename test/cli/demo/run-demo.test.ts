import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { it } from '../../extend.ts';
import { quickscrape } from '../../program.ts';
import { bookshopRows } from '../../sandbox/rows.ts';
import { tempFolder } from '../../temp-folder.ts';

it('runs once and leaves one file with every book of the shop, all values right', async ({ home }) => {
  const before = bookshopRows(new Date());
  const said = await quickscrape(['demo', '--once', '--home', home], { home: tempFolder() });
  expect(said.code).toBe(0);
  expect(said.stdout).toMatch(/succeeded 1,000 items from 50 pages in/);
  expect(readdirSync(join(home, 'output'))).toEqual(['books.csv']);
  const file = join(home, 'output', 'books.csv');
  expect(said.stdout).toContain(file);
  const written: Record<string, string>[] = parse(readFileSync(file), { columns: true, bom: true });
  // Links are whole; the shop's port is another one each time.
  const rows = written.map((row) => ({
    ...row,
    link: row['link']?.replace(/^http:\/\/127\.0\.0\.1:\d+(?=\/)/, ''),
  }));
  expect(rows).toHaveLength(1000);
  // Prices move at the full hour, which may have struck meanwhile.
  expect([before, bookshopRows(new Date())]).toContainEqual(rows);
});
