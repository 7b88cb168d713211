import type { Page } from '../extract/page.ts';
import { pageAddress } from './walk.ts';

/** A link to the next page, or why there is none. */
export type NextLink = { url: string } | { none: string };

/**
 * Reads the link to the next page: the first match of the selector, or the first link inside it, resolved against
 * `<base href>` and the page's own address. A link that is disabled or leads nowhere (`#`, `javascript:`) is none.
 */
export function nextLink(page: Page, selector: string): NextLink {
  const match = page.$.root().find(selector).first();
  if (match.length === 0) return { none: `"${selector}" matches nothing` };
  const link = match.is('[href]') ? match : match.find('a[href]').first();
  const href = link.attr('href')?.trim();
  if (href === undefined) return { none: `"${selector}" holds no link` };
  if ([match, link].some((element) => element.is('[disabled], [aria-disabled="true"], .disabled'))) {
    return { none: 'the link is disabled' };
  }
  if (href === '' || href.startsWith('#')) return { none: `the link leads nowhere (href="${href}")` };
  const base = baseUrl(page);
  if (!URL.canParse(href, base)) return { none: `the link is no address (href="${href.slice(0, 100)}")` };
  const url = new URL(href, base);
  return url.protocol === 'http:' || url.protocol === 'https:'
    ? { url: pageAddress(url.href) }
    : { none: `the link is no page (href="${href.slice(0, 100)}")` };
}

/** What relative links count from (HTML standard 4.2.3). */
function baseUrl(page: Page): string {
  const href = page.$.root().find('base[href]').first().attr('href');
  return href !== undefined && URL.canParse(href, page.url) ? new URL(href, page.url).href : page.url;
}
