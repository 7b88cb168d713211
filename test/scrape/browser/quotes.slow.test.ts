import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { type ScrapeRequest, scrape } from '../../../src/scrape/crawl/pipeline.ts';
import { openQuotes, quoteRows, quotesConfig } from '../../fixtures/quotes/open-quotes.ts';
import { tempFolder } from '../../temp-folder.ts';
import { noBrowserHere } from './browser-site.ts';

async function rowsOf(yaml: string, request: Partial<ScrapeRequest> = {}) {
  const stagingFile = join(tempFolder(), 'items.jsonl');
  const lines: string[] = [];
  const { config } = parseConfig(yaml, 'quotes.yaml');
  const result = await scrape({
    config,
    output: null,
    stagingFile,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    log: (level, message) => lines.push(`${level} ${message}`),
    ...request,
  });
  const rows = readFileSync(stagingFile, 'utf8').trimEnd().split('\n');
  return { ...result, rows: rows.map((row): unknown => JSON.parse(row)), lines };
}

describe.skipIf(noBrowserHere !== undefined)('in a browser', () => {
  it('by links and buttons to the next page, a hundred quotes of each variant', async () => {
    const { url } = await openQuotes();
    const variants = ['', 'js/', 'js-delayed/?delay=300', 'js-onclick/'];
    const yaml = quotesConfig(
      url,
      `backend: browser\npagination: {type: next_button, selector: "li.next a, button.next"}\n`,
    ).replace(/^url:.*/, `urls: [${variants.map((path) => JSON.stringify(url + path)).join(', ')}]`);
    const { rows, pages, lines } = await rowsOf(yaml);
    expect(pages).toBe(40);
    expect(rows).toEqual(variants.flatMap(() => quoteRows()));
    expect(lines.filter((line) => /Chromium.*started/.test(line))).toHaveLength(1);
  });

  it('by a button that loads more', async () => {
    const { url } = await openQuotes();
    const yaml = quotesConfig(
      `${url}load-more/`,
      'backend: playwright\npagination: {type: load_more, selector: "#load-more"}\n',
    );
    expect(await rowsOf(yaml)).toMatchObject({ items: 100, pages: 1, warnings: [], rows: quoteRows() });
  });

  it('by scrolling to the end, without a configured browser', async () => {
    const { url } = await openQuotes();
    const yaml = quotesConfig(`${url}scroll/`, 'pagination: {type: infinite_scroll}\n');
    expect(await rowsOf(yaml)).toMatchObject({ items: 100, pages: 1, warnings: [], rows: quoteRows() });
  });

  it('only by selectors that a browser takes', async () => {
    const { url } = await openQuotes();
    const selector = `xpath://div[matches(@class, 'quotes')]`;
    const yaml = quotesConfig(
      `${url}scroll/`,
      `pagination: {type: infinite_scroll, selector: "${selector}"}\n`,
    );
    await expect(rowsOf(yaml)).rejects.toThrow(`"${selector}" is not a selector that a browser accepts`);
  });

  it('that is taken because a page without rows looks script-made, with the reason', async () => {
    const { url } = await openQuotes();
    const yaml = quotesConfig(`${url}js/`, 'pagination: {type: next_button, selector: "li.next a"}\n');
    const { rows, pages, warnings } = await rowsOf(yaml);
    expect([pages, rows]).toEqual([10, quoteRows()]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^fetched with a browser: .*\/js\/ has no rows as the server sends it, and "quote" occurs in its scripts/,
      ),
    ]);
  });
});
