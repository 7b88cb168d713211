import { type CheerioAPI, load } from 'cheerio';
import { onTestFinished } from 'vitest';
import { type BookshopOptions, startBookshop } from '../../src/sandbox/bookshop.ts';

export const NINE = new Date('2026-11-25T09:00:00Z');

/** A shop that closes with the test; its clock stands at nine unless the options say otherwise. */
export async function openShop(options: BookshopOptions = {}) {
  const shop = await startBookshop({ now: () => NINE, ...options });
  onTestFinished(() => shop.close());
  return shop;
}

export async function loadPage(url: string | URL): Promise<CheerioAPI> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
  return load(await response.text());
}

/** The list pages from `url` on, by their next links. */
export async function followNext(url: string): Promise<{ url: string; page: CheerioAPI }[]> {
  const pages: { url: string; page: CheerioAPI }[] = [];
  for (let next: string | undefined = url; next !== undefined; ) {
    if (pages.length > 60) throw new Error('the next links do not end');
    const page = await loadPage(next);
    pages.push({ url: next, page });
    const href: string | undefined = page('ul.pager li.next a').attr('href');
    next = href === undefined ? undefined : new URL(href, next).href;
  }
  return pages;
}
