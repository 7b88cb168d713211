import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, onTestFinished, test } from 'vitest';
import { bookshopConfig } from '../../src/sandbox/config.ts';
import { parseConfig } from '../../src/scrape/config/parse-config.ts';
import { scrape } from '../../src/scrape/crawl/pipeline.ts';
import { NINE, openShop } from './open-shop.ts';
import { bookshopRows } from './rows.ts';

test('scraping the shop by its configuration leaves a CSV file of exactly the rows of the hour', async () => {
  const { url } = await openShop();
  const folder = await mkdtemp(join(tmpdir(), 'qs-bookshop-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'books.csv');
  const result = await scrape({
    config: parseConfig(bookshopConfig(url), 'books.yaml').config,
    output: { file, format: 'csv' },
    stagingFile: join(folder, 'items.jsonl'),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    log: () => undefined,
  });
  expect(result).toMatchObject({ items: 1000, pages: 50, output_path: file, warnings: [] });
  const rows = bookshopRows(NINE).map((row) => ({ ...row, link: new URL(row.link, url).href }));
  expect(parse(await readFile(file), { columns: true, bom: true })).toEqual(rows);
});
