import { type ScrapeError, withNote } from '../lib/scrape-error.ts';

/** So few say nothing about the site. */
const MIN_FAILURES = 5;

/** How far it has come before, and how many there are in all where somebody wrote each of them down. */
interface Counts {
  tried?: number;
  failed?: number;
  of?: number | undefined;
}

/**
 * Decides when failed pages of a kind are the site's failure and not their own: more than half of them all, where it is known
 * how many there are; else at least five, and more than half of those tried. At the end also fewer, when not one could be
 * fetched.
 */
export class FailureLimit {
  readonly #kind: string;
  readonly #of: number | undefined;
  #tried: number;
  #failed: number;
  #last: ScrapeError | undefined;

  /** @param kind what they are called: `detail pages` */
  constructor(kind: string, { tried = 0, failed = 0, of }: Counts = {}) {
    this.#kind = kind;
    this.#tried = tried;
    this.#failed = failed;
    this.#of = of;
  }

  succeeded(): void {
    this.#tried += 1;
  }

  /** @throws ScrapeError that one, with the count, when it is one too many */
  failed(error: ScrapeError): void {
    this.#tried += 1;
    this.#failed += 1;
    this.#last = error;
    if (this.#isTooMany()) throw this.#tooMany(error);
  }

  /** @throws ScrapeError when pages were tried and all have failed */
  end(): void {
    if (this.#last !== undefined && this.#failed === this.#tried) throw this.#tooMany(this.#last);
  }

  #isTooMany(): boolean {
    if (this.#of !== undefined) return this.#failed * 2 > this.#of;
    return this.#failed >= MIN_FAILURES && this.#failed * 2 > this.#tried;
  }

  #tooMany(error: ScrapeError): ScrapeError {
    return withNote(error, `${this.#failed} of ${this.#of ?? this.#tried} ${this.#kind} failed`);
  }
}
