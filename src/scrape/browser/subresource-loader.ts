import { Limiter } from '../../core/lib/limiter.ts';
import { type Exchange, getHeader } from '../http/exchange.ts';
import type { BrowserFetcher, SubresourceRequest } from '../http/fetcher.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** The number of concurrent requests that browsers send to a host. */
const MAX_CONCURRENT = 6;
/** Limits per page, higher than pages need: requests, and decompressed bytes. */
const MAX_REQUESTS = 2_000;
const MAX_BYTES = 100_000_000;
/** Scripts and styles cached for the run's next pages, in bytes. */
const MAX_CACHED_BYTES = 30_000_000;

/**
 * Fetches the subresources of pages: scripts, styles, data. A run's pages share most scripts, so each is fetched once.
 */
export class SubresourceLoader {
  readonly #fetcher: BrowserFetcher;
  readonly #turns = new Limiter(MAX_CONCURRENT);
  readonly #cached = new Map<string, Exchange>();
  #cachedBytes = 0;
  #requests = 0;
  #unpacked = 0;
  /** Bytes received since {@link begin}. */
  bytes = 0;

  constructor(fetcher: BrowserFetcher) {
    this.#fetcher = fetcher;
  }

  /** Resets the counts for another page. */
  begin(): void {
    this.#requests = 0;
    this.#unpacked = 0;
    this.bytes = 0;
  }

  /**
   * @param isStatic for scripts and styles, which are the same for all pages
   * @throws ScrapeError
   */
  async get(request: SubresourceRequest, isStatic: boolean, signal: AbortSignal): Promise<Exchange> {
    const isCacheable = isStatic && request.method === 'GET';
    const cached = isCacheable ? this.#cached.get(request.url) : undefined;
    if (cached !== undefined) return cached;
    this.#requests += 1;
    if (this.#requests > MAX_REQUESTS) throw limitError(request.url, `${MAX_REQUESTS} requests`);
    const answer = await this.#turns.run(() => {
      if (this.#unpacked > MAX_BYTES) throw limitError(request.url, `${MAX_BYTES / 1_000_000} MB`);
      return this.#fetcher.fetchSubresource(request, signal);
    });
    this.bytes += answer.bytes;
    this.#unpacked += answer.body.length;
    if (isCacheable) this.#keep(request.url, answer);
    return answer;
  }

  #keep(url: string, answer: Exchange): void {
    const isShort = answer.status !== 200 || /no-store/i.test(getHeader(answer.headers, 'cache-control'));
    if (isShort || this.#cachedBytes + answer.body.length > MAX_CACHED_BYTES) return;
    this.#cachedBytes += answer.body.length;
    this.#cached.set(url, answer);
  }
}

function limitError(url: string, limit: string): ScrapeError {
  return new ScrapeError('too_large', `the page loads more than ${limit}`, {
    url,
    hint: 'What it asks for beyond that is refused.',
  });
}
