import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { getOriginalAttribute } from '../extract/conceal-page.ts';
import { getOriginalBaseUrl } from '../extract/read-link.ts';
import { getText, select } from '../extract/select.ts';
import type { Page, PageElement, PageRoot } from '../lib/page.ts';

/** The links of a page. */
interface PageLinks {
  /** http and https addresses in the order of the page, each once and without fragment. */
  urls: URL[];
  /** The same of links that the site asks robots not to follow. */
  nofollow: URL[];
}

const LINKS = 'a[href], area[href], link[rel][href]';

/**
 * Reads the links of a page, as the site wrote them: `<a>`, `<area>` and `<link rel="next">`.
 * @param respectsNofollow whether `rel="nofollow"` and `<meta name="robots" content="nofollow">` count
 */
export function readPageLinks(page: Page, respectsNofollow: boolean): PageLinks {
  const base = getOriginalBaseUrl(page);
  const isClosed = respectsNofollow && asksNotToFollow(page);
  const links: PageLinks = { urls: [], nofollow: [] };
  const seen = new Set<string>();
  for (const element of select(page, LINKS)) {
    const rel = getTokens(element.attribs['rel']);
    if (element.name === 'link' && !rel.includes('next')) continue;
    const href = getOriginalAttribute(page, element, 'href')?.trim();
    if (href === undefined || href === '' || href.startsWith('#') || seen.has(href)) continue;
    seen.add(href);
    const url = parseLink(href, base);
    if (url === undefined) continue;
    const isLeft = isClosed || (respectsNofollow && rel.includes('nofollow'));
    (isLeft ? links.nofollow : links.urls).push(url);
  }
  return links;
}

/** Returns the address that a page says is its own (`<link rel="canonical">`). */
export function readCanonicalLink(page: Page): URL | undefined {
  const element = select(page, 'link[rel][href]').find(({ attribs }) =>
    getTokens(attribs['rel']).includes('canonical'),
  );
  const href = element && getOriginalAttribute(page, element, 'href')?.trim();
  return href === undefined || href === '' ? undefined : parseLink(href, getOriginalBaseUrl(page));
}

/** Returns the address without fragment, name and password. */
function parseLink(href: string, base: string): URL | undefined {
  if (!canParseUrl(href, base)) return undefined;
  const url = new URL(href, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  url.hash = '';
  url.username = '';
  url.password = '';
  return url;
}

function asksNotToFollow(page: Page): boolean {
  return select(page, 'meta[name][content]').some(
    ({ attribs }) =>
      attribs['name']?.toLowerCase() === 'robots' && /\b(?:nofollow|none)\b/i.test(attribs['content'] ?? ''),
  );
}

function getTokens(rel: PageElement['attribs'][string] | undefined): string[] {
  return (rel ?? '').toLowerCase().split(/\s+/);
}

/** Returns the whole text of a page, with single spaces. */
export function readPageText(page: Page): string {
  return getText(page.$.root()[0] as PageRoot)
    .replaceAll(/\s+/g, ' ')
    .trim();
}
