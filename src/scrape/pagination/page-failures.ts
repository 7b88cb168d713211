import { type ScrapeError, type ScrapeErrorKind, withNote } from '../lib/scrape-error.ts';
import { getHost } from './is-missing.ts';

/** Failures that may be those of one page, or of its site. */
const OF_PAGE: ReadonlySet<ScrapeErrorKind> = new Set([
  'http',
  'network',
  'timeout',
  'robots',
  'redirect',
  'blocked_address',
  'too_large',
  'no_items',
]);
/** Failures of a site that is down. */
const OF_SITE: ReadonlySet<ScrapeErrorKind> = new Set(['network', 'timeout', 'robots']);

/** A site that fails so often in a row, after retries, is down. */
const MAX_OF_SITE = 5;
/** This many pages in a row that a site refuses are no accident of single pages. */
const MAX_IN_ROW = 50;

/**
 * Tells pages that fail from a site that fails, in runs of many pages. One that fails must not end all runs; but a site
 * that has gone must not end a run as if its pages did not exist.
 */
export class PageFailures {
  #inRow = 0;
  #ofSite = 0;
  #host: string | undefined;

  succeeded(): void {
    this.#inRow = 0;
    this.#ofSite = 0;
  }

  /**
   * Decides about a page that failed in another way than by missing.
   * @param isAgain whether it has failed in an earlier run: then it says nothing about the site
   * @returns the error that ends the run, with the count if too many in a row have failed; undefined if the page may be
   *   left out
   */
  judge(error: ScrapeError, url: string, isAgain = false): ScrapeError | undefined {
    if (!OF_PAGE.has(error.kind)) return error;
    if (isAgain) return undefined;
    const host = getHost(url);
    const isSame = this.#ofSite > 0 && host === this.#host;
    this.#inRow += 1;
    this.#ofSite = isOfSite(error) ? (isSame ? this.#ofSite : 0) + 1 : 0;
    this.#host = host;
    if (this.#ofSite >= MAX_OF_SITE) return tooManyInRow(error, this.#ofSite);
    return this.#inRow >= MAX_IN_ROW ? tooManyInRow(error, this.#inRow) : undefined;
  }
}

function isOfSite({ kind, status = 0 }: ScrapeError): boolean {
  return OF_SITE.has(kind) || status >= 500 || status === 429 || status === 408;
}

function tooManyInRow(error: ScrapeError, count: number): ScrapeError {
  return withNote(error, `${count} addresses in a row failed`);
}
