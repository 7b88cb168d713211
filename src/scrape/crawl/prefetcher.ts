import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';

/**
 * Fetches a page.
 * @throws ScrapeError
 */
type FetchPage<T> = (url: string, signal: AbortSignal) => Promise<T>;

/** Node warns of a leak from more listeners on: those of anything else than requests. */
const OTHER_LISTENERS = 10;

/** A request that was begun, and its page once it has arrived. */
interface Begun<T> {
  asked: Promise<T>;
  page?: T;
}

/**
 * Requests the pages that come next while the current one is awaited and parsed. Pages are handed over in the order in
 * which they are asked for, whatever the order in which they arrive, so that reading ahead changes no result. With a
 * width of 1, one page is read ahead, and only when the one before has arrived.
 *
 * With more, twice as many pages are kept as may be requested at a time: then a request leaves whenever another ends,
 * also while the pages that have arrived are parsed.
 */
export class Prefetcher<T> {
  readonly #fetch: FetchPage<T>;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #getWidth: () => number;
  /** The pages that were begun and not handed over, in the order in which they were begun. */
  readonly #begun = new Map<string, Begun<T>>();
  /** The first of the pages that will be requested. */
  #upcoming: string[] = [];
  #active = 0;

  /** @param getWidth how many requests may be active */
  constructor(fetch: FetchPage<T>, signal: AbortSignal, getWidth: () => number = () => 1) {
    this.#fetch = fetch;
    this.#signal = AbortSignal.any([signal, this.#end.signal]);
    this.#getWidth = getWidth;
    // Each active request listens once at a time: while it waits for its turn, pauses, or is answered.
    setMaxListeners(getWidth() + OTHER_LISTENERS, this.#signal);
  }

  /**
   * @param upcoming the pages that will be requested after it, as far as known, in order
   * @throws the errors of fetching `url`; those of other pages are thrown when they are requested
   */
  async get(url: string, upcoming: Iterable<string> = []): Promise<T> {
    const width = this.#getWidth();
    const known = this.#begun.get(url);
    if (width === 1) this.forget();
    const asked = known?.asked ?? this.#request(url);
    const next = takeOthers(url, upcoming, width === 1 ? 1 : 2 * width);
    this.#begun.delete(url);
    if (width > 1) this.#announce(next);
    const page = await asked;
    if (width === 1) this.#announce(next);
    if (next.length === 0) return page;
    // Parsing a page blocks the event loop, so the requests have to leave before. undici writes them one turn after
    // the call.
    await setImmediate();
    await setImmediate();
    return page;
  }

  /**
   * Returns the page that was read ahead, if it is this one.
   * @throws the errors of fetching it
   */
  async take(url: string): Promise<T | undefined> {
    const begun = this.#begun.get(url);
    this.#begun.delete(url);
    return begun?.asked;
  }

  /** Returns the page, if it was read ahead and has arrived. It stays. */
  peek(url: string): T | undefined {
    return this.#begun.get(url)?.page;
  }

  /** Waits until no request is active. No further page is read ahead. */
  async quiet(): Promise<void> {
    this.#upcoming = [];
    await Promise.allSettled([...this.#begun.values()].map(({ asked }) => asked));
  }

  /** Discards the pages that were read ahead. */
  forget(): void {
    this.#upcoming = [];
    this.#begun.clear();
  }

  /** Cancels the active requests, because their pages will not be used. */
  end(): void {
    this.#upcoming = [];
    this.#end.abort();
  }

  #announce(next: string[]): void {
    this.#upcoming = next;
    this.#fill();
  }

  /** Begins upcoming pages while requests may be added. */
  #fill(): void {
    const width = this.#getWidth();
    for (const [index, url] of this.#upcoming.entries()) {
      if (this.#active >= width) return;
      if (this.#begun.has(url)) continue;
      if (index < width) this.#makeRoom(2 * width);
      else if (this.#begun.size >= 2 * width) return;
      this.#begin(url);
    }
  }

  /** Lets go of pages that are not among the next ones, the oldest first, such as those after the end of a list. */
  #makeRoom(most: number): void {
    for (const url of this.#begun.keys()) {
      if (this.#begun.size < most) return;
      if (!this.#upcoming.includes(url)) this.#begun.delete(url);
    }
  }

  #begin(url: string): void {
    const begun: Begun<T> = { asked: this.#request(url) };
    this.#begun.set(url, begun);
    begun.asked.then(
      (page) => {
        begun.page = page;
      },
      // It is thrown when the page is requested.
      () => undefined,
    );
  }

  async #request(url: string): Promise<T> {
    this.#active += 1;
    try {
      return await this.#fetch(url, this.#signal);
    } finally {
      this.#active -= 1;
      if (this.#getWidth() > 1) this.#fill();
    }
  }
}

/** The first addresses other than one, each once. */
function takeOthers(url: string, addresses: Iterable<string>, most: number): string[] {
  const found = new Set<string>();
  for (const address of addresses) {
    if (address !== url) found.add(address);
    if (found.size >= most) break;
  }
  return [...found];
}
