import { type ScrapeError, withNote } from '../errors.ts';

/** So few say nothing about the site. */
const FEW = 5;

/**
 * Decides when failed pages of a kind are the site's failure and not their own: at least five, and more than half of those
 * tried; at the end also fewer, when not one could be fetched.
 */
export class FailureLimit {
  readonly #kind: string;
  #tried = 0;
  #failed = 0;
  #last: ScrapeError | undefined;

  /** @param kind what they are called: `detail pages` */
  constructor(kind: string) {
    this.#kind = kind;
  }

  succeeded(): void {
    this.#tried += 1;
  }

  /** @throws ScrapeError that one, with the count, when it is one too many */
  failed(error: ScrapeError): void {
    this.#tried += 1;
    this.#failed += 1;
    this.#last = error;
    if (this.#failed >= FEW && this.#failed * 2 > this.#tried) throw this.#tooMany(error);
  }

  /** @throws ScrapeError when pages were tried and all have failed */
  end(): void {
    if (this.#last !== undefined && this.#failed === this.#tried) throw this.#tooMany(this.#last);
  }

  #tooMany(error: ScrapeError): ScrapeError {
    return withNote(error, `${this.#failed} of ${this.#tried} ${this.#kind} failed`);
  }
}
