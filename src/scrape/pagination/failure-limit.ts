import { type ScrapeError, withNote } from '../lib/scrape-error.ts';

/** Fewer failures say nothing about the site. */
const MIN_FAILURES = 5;

/** The counts of an earlier attempt; `of` is the total number of pages, if the configuration lists them. */
interface Counts {
  tried?: number;
  failed?: number;
  of?: number | undefined;
  /** Whether it is no failure when all of a few pages failed. */
  mayAllFail?: boolean;
}

/**
 * Decides when failed pages of one kind fail the run. If the total is known: when more than half of all pages failed.
 * Else: when at least five failed, and more than half of those tried. At the end: also when fewer failed, if not one
 * page could be fetched.
 */
export class FailureLimit {
  readonly #kind: string;
  readonly #of: number | undefined;
  readonly #mayAllFail: boolean;
  #tried: number;
  #failed: number;
  #last: ScrapeError | undefined;

  /** @param kind the pages' name in messages: `detail pages` */
  constructor(kind: string, { tried = 0, failed = 0, of, mayAllFail = false }: Counts = {}) {
    this.#kind = kind;
    this.#tried = tried;
    this.#failed = failed;
    this.#of = of;
    this.#mayAllFail = mayAllFail;
  }

  succeeded(): void {
    this.#tried += 1;
  }

  /** @throws ScrapeError `error`, with the count, when the limit is exceeded */
  failed(error: ScrapeError): void {
    this.#tried += 1;
    this.#failed += 1;
    this.#last = error;
    if (this.#isTooMany()) throw this.#tooMany(error);
  }

  /** @throws ScrapeError if pages were tried and all of them failed */
  end(): void {
    if (this.#last !== undefined && this.#failed === this.#tried && !this.#mayAllFail)
      throw this.#tooMany(this.#last);
  }

  #isTooMany(): boolean {
    if (this.#of !== undefined) return this.#failed * 2 > this.#of;
    return this.#failed >= MIN_FAILURES && this.#failed * 2 > this.#tried;
  }

  #tooMany(error: ScrapeError): ScrapeError {
    return withNote(error, `${this.#failed} of ${this.#of ?? this.#tried} ${this.#kind} failed`);
  }
}
