import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { scrape } from '../../../src/scrape/crawl/pipeline.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openQuotes, quoteRows, quotesConfig } from './open-quotes.ts';

it('the plain pages give a hundred quotes by their next links', async () => {
  const { url } = await openQuotes();
  const yaml = quotesConfig(url, 'pagination: {type: next_button, selector: "li.next a"}\n');
  const stagingFile = join(tempFolder(), 'items.jsonl');
  const result = await scrape({
    config: parseConfig(yaml, 'quotes.yaml').config,
    output: null,
    stagingFile,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    log: () => undefined,
  });
  expect(result).toMatchObject({ items: 100, pages: 10, warnings: [] });
  const rows = readFileSync(stagingFile, 'utf8').trimEnd().split('\n');
  expect(rows.map((row) => JSON.parse(row))).toEqual(quoteRows());
});
