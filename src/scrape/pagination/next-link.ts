import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { getOriginalText, getOriginalUrl } from '../extract/conceal-page.ts';
import { findRequired } from '../extract/find-matches.ts';
import { readLink } from '../extract/read-link.ts';
import { getElement, getText, isTextMatch, type Match } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { toPageUrl } from '../lib/page-url.ts';

/**
 * A link to the next page, or why there is none. `mayClick` means that an element exists that a script may listen to.
 */
export type NextLink = { url: string } | { none: string; mayClick?: boolean; isDisabled?: boolean };

/**
 * Reads the link to the next page: the first match of the selector, or the first link inside it. It is resolved against
 * `<base href>` and the page's own address. A link that is disabled or leads nowhere (`#`, `javascript:`) does not
 * count.
 * @throws ScrapeError `config` if an XPath cannot be evaluated on the page: such a page is not taken as the last one
 */
export function readNextLink(page: Page, selector: string): NextLink {
  const [found] = findRequired(page, selector, 'pagination');
  const link = readLink(page, found, selector);
  if ('url' in link || link.none.startsWith('the link')) {
    const match = found === undefined ? null : getElement(found);
    if ([match, 'url' in link ? link.element : null].some((element) => isDisabled(page, element))) {
      return { none: 'the link is disabled', isDisabled: true };
    }
  }
  return 'url' in link ? { url: toPageUrl(link.url) } : { ...link, mayClick: found !== undefined };
}

/**
 * Returns the address of the next page: that of the first one with the value that the page names in its query.
 * @throws ScrapeError as {@link readNextLink}
 */
export function readCursor(
  page: Page,
  start: string,
  { selector, param_name }: { selector: string; param_name: string },
): NextLink {
  const [found] = findRequired(page, selector, 'pagination');
  const shown = found === undefined ? '' : getMatchText(found).trim();
  const value = getOriginalText(page, shown);
  // Services end with null, false, an empty text, or 0.
  if (/^(?:|null|false|0)$/.test(value))
    return { none: found === undefined ? `"${selector}" matches nothing` : `"${selector}" is empty` };
  const address = new URL(start);
  address.searchParams.set(param_name, value);
  return { url: toPageUrl(address.href) };
}

function getMatchText(found: Match): string {
  return isTextMatch(found) ? found.text : getText(found);
}

/** Reads the header `Link` (RFC 8288): the first address whose `rel` contains `next`. */
export function readLinkHeader(page: Page): NextLink {
  const header = page.linkHeader ?? '';
  for (const [, target = '', parameters = ''] of header.matchAll(/<([^>]*)>((?:[^,"]|"[^"]*")*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters);
    if (!(rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) continue;
    const base = getOriginalUrl(page);
    if (canParseUrl(target, base)) return { url: toPageUrl(new URL(target, base).href) };
  }
  return { none: header === '' ? 'it has no header Link' : 'its header Link names no next page' };
}

/** Whether an element is disabled. */
export function isDisabled(page: Page, element: PageElement | null): boolean {
  return element !== null && page.$(element).is('[disabled], [aria-disabled="true"], .disabled');
}
