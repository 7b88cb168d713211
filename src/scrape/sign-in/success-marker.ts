import { XPathFailure } from '../extract/find-xpath.ts';
import { isTextMatch, type Match } from '../extract/match.ts';
import { findAll } from '../extract/select.ts';
import type { Page } from '../lib/page.ts';

/** The text of the first thing that a selector finds on a page; undefined when it finds none. */
export function findMarker(page: Page, selector: string): string | undefined {
  const [found] = findMatches(page, selector);
  if (found === undefined) return undefined;
  const text = isTextMatch(found) ? found.text : page.$(found).text();
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** An expression that cannot be computed on a page finds nothing there. */
function findMatches(page: Page, selector: string): Match[] {
  try {
    return findAll(page, selector);
  } catch (error) {
    if (error instanceof XPathFailure) return [];
    throw error;
  }
}
