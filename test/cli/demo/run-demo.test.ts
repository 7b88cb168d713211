import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, onTestFinished } from 'vitest';
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

it('can run again in the same home and prints its result as JSON', async ({ home }) => {
  await quickscrape(['demo', '--once', '--home', home], { home });
  const said = await quickscrape(['demo', '--once', '--home', home, '--json'], { home });
  const { run, sample, home: where } = JSON.parse(said.stdout);
  expect(where).toBe(home);
  expect(run).toMatchObject({ status: 'succeeded', items: 1000, pages: 50 });
  expect(sample).toHaveLength(5);
});

it('takes a temporary home when none is given, keeps it, and leaves the user’s own alone', async ({
  folder: own,
}) => {
  const said = await quickscrape(['demo', '--json'], { home: own });
  const { home } = JSON.parse(said.stdout);
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  expect(said.code).toBe(0);
  expect(home).not.toBe(own);
  expect(readdirSync(own)).toEqual([]);
  const jobs = await quickscrape(['job', 'list', '--json', '--home', home], { home });
  expect(JSON.parse(jobs.stdout).jobs.map((job: { job_id: string }) => job.job_id)).toEqual([
    'books-daily',
    'books-every-minute',
  ]);
});
