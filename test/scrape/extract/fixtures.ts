import { readFileSync } from 'node:fs';
import type { ScrapeConfig } from '../../../src/scrape/config/config-schema.ts';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import type { Extraction } from '../../../src/scrape/extract/make-rows.ts';
import type { Page } from '../../../src/scrape/lib/page.ts';

const bookList = readFileSync(new URL('../../fixtures/pages/book-list.html', import.meta.url), 'utf8');

/** A hand-written list of six books in the usual markup of a shop. */
export function bookListHtml(): string {
  return bookList;
}

export function pageOf(html: string): Page {
  return loadPage(Buffer.from(html), 'text/html; charset=utf-8', 'http://shop.test/list');
}

/** A configuration from its YAML without the url line. */
export function configOf(yaml: string): ScrapeConfig {
  return parseConfig(`url: "http://shop.test/list"\n${yaml}`, 'test.yaml', {}).config;
}

/** The rows that a configuration takes from a page. */
export function extract(html: string, yaml: string): Extraction {
  return extractRows(pageOf(html), configOf(yaml));
}
