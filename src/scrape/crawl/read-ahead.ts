import { setImmediate } from 'node:timers/promises';

/** Fetches a page. @throws ScrapeError */
type FetchPage<T> = (url: string, signal: AbortSignal) => Promise<T>;

/**
 * Asks for the page that is wanted next while the one before is read: the site makes its answer meanwhile. There is never
 * more than one request under way, and none is sent before the answer to the one before is there.
 */
export class ReadAhead<T> {
  readonly #fetch: FetchPage<T>;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  #ahead: { url: string; page: Promise<T> } | undefined;

  constructor(fetch: FetchPage<T>, signal: AbortSignal) {
    this.#fetch = fetch;
    this.#signal = AbortSignal.any([signal, this.#end.signal]);
  }

  /**
   * @param next the page that will be asked for after it, if any: fetched as soon as `url` is there
   * @throws what fetching `url` throws; what is wrong with `next` shows when it is asked for
   */
  async get(url: string, next?: string): Promise<T> {
    const begun = this.#ahead?.url === url ? this.#ahead.page : undefined;
    this.#ahead = undefined;
    const page = await (begun ?? this.#fetch(url, this.#signal));
    if (next !== undefined) await this.#begin(next);
    return page;
  }

  /** The page that was read ahead, if it is this one. @throws what fetching it throws */
  async take(url: string): Promise<T | undefined> {
    const begun = this.#ahead;
    if (begun?.url !== url) return undefined;
    this.#ahead = undefined;
    return begun.page;
  }

  /** Waits until no request is under way. */
  async quiet(): Promise<void> {
    await this.#ahead?.page.catch(() => undefined);
  }

  /** The page that was read ahead is of no use any more. */
  forget(): void {
    this.#ahead = undefined;
  }

  /** Calls off the request under way, if there is one: nobody will ask for its page. */
  end(): void {
    this.#end.abort();
  }

  async #begin(url: string): Promise<void> {
    const page = this.#fetch(url, this.#signal);
    // It may fail before anybody waits for it.
    page.catch(() => undefined);
    this.#ahead = { url, page };
    // Reading a page lets nothing else happen: the request has to leave before. undici writes one turn after it is asked.
    await setImmediate();
    await setImmediate();
  }
}
