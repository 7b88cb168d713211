import { readLink } from '../extract/read-link.ts';
import { findRequired, getElement } from '../extract/select.ts';
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

/** Whether an element is disabled. */
export function isDisabled(page: Page, element: PageElement | null): boolean {
  return element !== null && page.$(element).is('[disabled], [aria-disabled="true"], .disabled');
}
