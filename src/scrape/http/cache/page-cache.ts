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

/** The headers that are stored: those that describe the body, and those that revalidate it. */
const CACHED_HEADERS = [
  'content-type',
  'content-language',
  'content-security-policy',
  'etag',
  'last-modified',
];

/** A response to a request for a page. */
export interface PageResponse extends Exchange {
  /** The site reported that the page is unchanged. The body is the cached one. */
  unchanged?: true;
  /** The 304 was about another version than the cached one, which is now removed. The request has to be repeated. */
  mustRetry?: true;
}

export interface PageCacheOptions {
  /**
   * Whether cookies identify the user, as after a sign-in. A page then matches only the cookies that it was fetched
   * with.
   */
  byCookies: boolean;
  log(level: 'debug' | 'info' | 'warn', message: string): void;
}

/**
 * The pages of a job's earlier runs. Each page is revalidated: the site decides whether the cached page is still
 * current (RFC 9111 4.3). No page is served from the cache without a 304.
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

  /** The number of unchanged pages. */
  get unchanged(): number {
    return this.#unchanged;
  }

  /**
   * Fetches a page, or revalidates the cached one.
   * @param send sends the request with these additional headers
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

  /** A page that cannot be stored is fetched again by the next run. That is no reason to fail this run. */
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
