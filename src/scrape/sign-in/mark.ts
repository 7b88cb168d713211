import { XPathFailure } from '../extract/find-xpath.ts';
import { type Found, isFoundText } from '../extract/found.ts';
import type { Page } from '../extract/page.ts';
import { findAll } from '../extract/select.ts';

/** The text of the first thing that a selector finds on a page; undefined when it finds none. */
export function markOn(page: Page, selector: string): string | undefined {
  const [found] = marks(page, selector);
  if (found === undefined) return undefined;
  const text = isFoundText(found) ? found.text : page.$(found).text();
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** An expression that cannot be computed on a page finds nothing there. */
function marks(page: Page, selector: string): Found[] {
  try {
    return findAll(page, selector);
  } catch (error) {
    if (error instanceof XPathFailure) return [];
    throw error;
  }
}
