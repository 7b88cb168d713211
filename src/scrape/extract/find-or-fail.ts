import type { Page } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { XPathFailure } from './find-xpath.ts';

import type { Match } from './match.ts';
import { findAll } from './select.ts';

/** What nobody knows where the selector of a place cannot be computed. */
const UNKNOWN_CONSEQUENCE = { item: 'the rows are', pagination: 'the next page is' };

/**
 * What a selector finds on a page where to find nothing means something: no rows, or the last page.
 * @param place where the selector stands in the configuration
 * @throws ScrapeError `config` when an XPath cannot be computed on the page
 * @throws ScrapeError `too_large` when the page is nested too deep for the selector
 */
export function findRequired(page: Page, selector: string, place: keyof typeof UNKNOWN_CONSEQUENCE): Match[] {
  try {
    return findAll(page, selector);
  } catch (error) {
    if (!(error instanceof XPathFailure)) throw error;
    throw new ScrapeError(
      'config',
      `${place}: "${selector}" cannot be computed on ${page.url}: ${error.message}`,
      {
        url: page.url,
        hint: `Nothing says where ${UNKNOWN_CONSEQUENCE[place]}. Mend the selector, and try it with: quickscrape scrape NAME --max-pages 2`,
      },
    );
  }
}
