import { hash } from 'node:crypto';
import { redactUrl } from '../../lib/page-url.ts';
import type { ResponseHeaders } from '../dispatch-request.ts';
import { type Exchange, getHeader } from '../exchange.ts';
import type { CachedResponse, CacheFolder } from './cache-folder.ts';
import {
  type CacheRequest,
  cacheKey,
  conditionalHeaders,
  hasVaryCookie,
  isCacheable,
  isNoStore,
  isSameVersion,
} from './cache-rules.ts';

/** What is kept of an answer's headers: what the body is, and how to ask after it. */
const CACHED_HEADERS = [
  'content-type',
  'content-language',
  'content-security-policy',
  'etag',
  'last-modified',
];

/** An answer to a request for a page. */
export interface PageResponse extends Exchange {
  /** The site said that the page is as it was: the body is the one that was kept. */
  unchanged?: true;
  /** The site spoke of another version than the one that was kept, which is gone now: it has to be asked once more. */
  mustRetry?: true;
}

export interface PageCacheOptions {
  /** Whether cookies say who asks, as after a sign-in: then a page is for the very cookies that it was got with. */
  byCookies: boolean;
  log(level: 'debug' | 'info' | 'warn', message: string): void;
}

/**
 * The pages of a job's earlier runs. The site is asked each time, and decides whether a kept page is still the page (RFC
 * 9111 4.3): nothing is ever taken from here without its word.
 */
export class PageCache {
  readonly #folder: CacheFolder;
  readonly #options: PageCacheOptions;
  #unchanged = 0;
  #full = false;
  #broken = false;

  constructor(folder: CacheFolder, options: PageCacheOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** How many pages were as they had been. */
  get unchanged(): number {
    return this.#unchanged;
  }

  /**
   * Asks for a page, or whether the kept one is still it.
   * @param send sends the request with these headers as well
   */
  async fetch(
    request: CacheRequest,
    send: (conditions: Record<string, string>) => Promise<Exchange>,
  ): Promise<PageResponse> {
    const name = cacheKey(request, this.#options.byCookies);
    const cached = await this.#findCached(name, request);
    const answer = await send(cached === undefined ? {} : conditionalHeaders(cached.headers));
    if (answer.status === 304 && cached !== undefined) return this.#reuse(cached, answer, request);
    if (answer.status === 200) await this.#store(name, request, answer);
    return answer;
  }

  async #findCached(name: string, request: CacheRequest): Promise<CachedResponse | undefined> {
    const cached = await this.#folder.find(name);
    return cached !== undefined && (cached.cookie === '' || cached.cookie === digest(request.cookie))
      ? cached
      : undefined;
  }

  async #reuse(cached: CachedResponse, answer: Exchange, { url }: CacheRequest): Promise<PageResponse> {
    if (!isSameVersion(cached.headers, answer.headers)) {
      this.#options.log(
        'info',
        `${redactUrl(url)}: HTTP 304 for another page than the kept one; asking once more`,
      );
      await this.#folder.remove(cached.name);
      return { ...answer, mustRetry: true };
    }
    this.#unchanged += 1;
    if (isNoStore(answer.headers)) await this.#folder.remove(cached.name);
    else await this.#folder.touch(cached.name);
    return { ...answer, status: 200, headers: cached.headers, body: cached.body, unchanged: true };
  }

  /** What cannot be kept is got anew in the next run: no reason to fail this one. */
  async #store(name: string, request: CacheRequest, answer: Exchange): Promise<void> {
    try {
      if (!isCacheable(request, answer, Date.now())) return await this.#folder.remove(name);
      if (this.#broken) return;
      const { headers, body } = answer;
      const cookie = hasVaryCookie(headers) ? digest(request.cookie) : '';
      const isStored = await this.#folder.put({ name, cookie, headers: pickCachedHeaders(headers), body });
      if (isStored || this.#full) return;
      this.#full = true;
      this.#options.log(
        'info',
        'the page cache is full: not all pages of this run are kept for the next one',
      );
    } catch (error) {
      this.#broken = true;
      const message = error instanceof Error ? error.message : String(error);
      this.#options.log('warn', `pages cannot be kept for the next run: ${message}`);
    }
  }
}

function pickCachedHeaders(headers: ResponseHeaders): Record<string, string> {
  const found = CACHED_HEADERS.map((name): [string, string] => [name, getHeader(headers, name)]);
  return Object.fromEntries(found.filter(([, value]) => value !== ''));
}

function digest(cookie: string): string {
  return hash('sha256', cookie).slice(0, 40);
}
