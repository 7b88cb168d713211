import type { ScrapeError, ScrapeErrorKind } from '../lib/scrape-error.ts';
import { isMissing } from '../pagination/follow-pagination.ts';

/** Failures that may be those of one page. */
const OF_PAGE: ReadonlySet<ScrapeErrorKind> = new Set([
  'http',
  'network',
  'timeout',
  'redirect',
  'blocked_address',
]);
/** This many in a row are no accident of single pages. */
const MAX_IN_ROW = 5;

/**
 * Tells pages of a crawl that fail from a site that fails. A link leads anywhere, and one that fails must not end all
 * runs; but a site that has gone must not end a run as if its pages did not exist.
 */
export class PageFailures {
  #inRow = 0;

  succeeded(): void {
    this.#inRow = 0;
  }

  /** Whether a page that failed is left out. @param isStart a start page fails only if it is missing */
  mayLeaveOut(error: ScrapeError, url: string, isStart: boolean): boolean {
    const isAbsent: boolean = isMissing(error, url);
    if (isAbsent) return true;
    if (isStart || !OF_PAGE.has(error.kind)) return false;
    this.#inRow += 1;
    return this.#inRow < MAX_IN_ROW;
  }
}
