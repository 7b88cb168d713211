import { setImmediate } from 'node:timers/promises';

/**
 * Fetches a page.
 * @throws ScrapeError
 */
type FetchPage<T> = (url: string, signal: AbortSignal) => Promise<T>;

/**
 * Requests the next page while the current one is parsed, so that the site prepares its response meanwhile. At most one
 * request is active, and none is sent before the previous response has arrived.
 */
export class Prefetcher<T> {
  readonly #fetch: FetchPage<T>;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  #ahead: { url: string; page: Promise<T> } | undefined;

  constructor(fetch: FetchPage<T>, signal: AbortSignal) {
    this.#fetch = fetch;
    this.#signal = AbortSignal.any([signal, this.#end.signal]);
  }

  /**
   * @param next the page that will be requested after it, if any; its fetch starts as soon as `url` has arrived
   * @throws the errors of fetching `url`; errors of `next` are thrown when it is requested
   */
  async get(url: string, next?: string): Promise<T> {
    const begun = this.#ahead?.url === url ? this.#ahead.page : undefined;
    this.#ahead = undefined;
    const page = await (begun ?? this.#fetch(url, this.#signal));
    if (next !== undefined) await this.#begin(next);
    return page;
  }

  /**
   * Returns the page that was read ahead, if it is this one.
   * @throws the errors of fetching it
   */
  async take(url: string): Promise<T | undefined> {
    const begun = this.#ahead;
    if (begun?.url !== url) return undefined;
    this.#ahead = undefined;
    return begun.page;
  }

  /** Waits until no request is active. */
  async quiet(): Promise<void> {
    await this.#ahead?.page.catch(() => undefined);
  }

  /** Discards the page that was read ahead. */
  forget(): void {
    this.#ahead = undefined;
  }

  /** Cancels the active request, if any, because its page will not be used. */
  end(): void {
    this.#end.abort();
  }

  async #begin(url: string): Promise<void> {
    const page = this.#fetch(url, this.#signal);
    // Prevents an unhandled rejection if it fails before the page is requested.
    page.catch(() => undefined);
    this.#ahead = { url, page };
    // Parsing a page blocks the event loop, so the request has to leave before. undici writes it one turn after the
    // call.
    await setImmediate();
    await setImmediate();
  }
}
