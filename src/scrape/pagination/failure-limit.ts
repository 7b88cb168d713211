import { type ScrapeError, withNote } from '../lib/scrape-error.ts';

/** Fewer failures say nothing about the site. */
const MIN_FAILURES = 5;

/** The counts of an earlier attempt; `of` is the total number of pages, if the configuration lists them. */
interface Counts {
  tried?: number;
  failed?: number;
  of?: number | undefined;
  /** Whether it is no failure when all of a few pages are missing. */
  mayAllBeMissing?: boolean;
}

/**
 * Decides when failed pages of one kind fail the run. If the total is known: when more than half of all pages failed.
 * Else: when at least five failed, and more than half of those tried. At the end: also when fewer failed, if not one
 * page could be fetched.
 */
export class FailureLimit {
  readonly #kind: string;
  readonly #of: number | undefined;
  readonly #mayAllBeMissing: boolean;
  #tried: number;
  #failed: number;
  /** Pages that have failed in an earlier run, too. */
  #again = 0;
  #lastAgain: ScrapeError | undefined;
  #last: ScrapeError | undefined;
  /** The last failure of a page that was there. */
  #lastReal: ScrapeError | undefined;

  /** @param kind the pages' name in messages: `detail pages` */
  constructor(kind: string, { tried = 0, failed = 0, of, mayAllBeMissing = false }: Counts = {}) {
    this.#kind = kind;
    this.#tried = tried;
    this.#failed = failed;
    this.#of = of;
    this.#mayAllBeMissing = mayAllBeMissing;
  }

  succeeded(): void {
    this.#tried += 1;
  }

  /**
   * @param isMissing whether the page is not there, rather than failing
   * @throws ScrapeError `error`, with the count, when the limit is exceeded
   */
  failed(error: ScrapeError, isMissing = false): void {
    this.#tried += 1;
    this.#failed += 1;
    this.#last = error;
    if (!isMissing) this.#lastReal = error;
    if (this.#isTooMany()) throw this.#tooMany(error);
  }

  /**
   * Notes a page that has failed in an earlier run, too. It fails the run only where no page could be fetched, and five
   * such pages have never failed while the site answered: it may refuse everything.
   * @param runs how many runs have succeeded without it
   */
  failedAgain(error: ScrapeError, runs: number): void {
    if (runs > 0) return;
    this.#again += 1;
    this.#lastAgain = error;
  }

  /** @throws ScrapeError if pages were tried and all of them failed */
  end(): void {
    const last = this.#mayAllBeMissing ? this.#lastReal : this.#last;
    if (last !== undefined && this.#failed === this.#tried) throw this.#tooMany(last);
    const isRefused = this.#failed === this.#tried && this.#again >= MIN_FAILURES;
    if (isRefused && this.#lastAgain !== undefined)
      throw withNote(this.#lastAgain, `${this.#again} ${this.#kind} failed again, and none could be fetched`);
  }

  #isTooMany(): boolean {
    if (this.#of !== undefined) return this.#failed * 2 > this.#of;
    return this.#failed >= MIN_FAILURES && this.#failed * 2 > this.#tried;
  }

  #tooMany(error: ScrapeError): ScrapeError {
    return withNote(error, `${this.#failed} of ${this.#of ?? this.#tried} ${this.#kind} failed`);
  }
}
