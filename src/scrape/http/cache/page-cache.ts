import { hash } from 'node:crypto';
import { redactUrl } from '../../lib/page-url.ts';
import type { ResponseHeaders } from '../dispatch-request.ts';
import { type Exchange, getHeader } from '../exchange.ts';
import type { CachedResponse, CacheFolder } from './cache-folder.ts';

/** The headers that are stored: those that describe the body, and those that revalidate it. */
const CACHED_HEADERS = [
  'content-type',
  'content-language',
  'content-security-policy',
  'etag',
  'last-modified',
];

/** The parts of a page request that decide which cached response matches. */
export interface CacheRequest {
  url: URL;
  /** Names in lower case. All sent headers except cookies that sites set. */
  headers: Readonly<Record<string, string>>;
  /** The cookies that sites set, as a header's value, or ''. */
  cookie: string;
}

/** A response to a request for a page. */
export interface PageResponse extends Exchange {
  /** The site reported that the page is unchanged. The body is the cached one. */
  unchanged?: true;
  /** The 304 was about another version than the cached one, which is now removed. The request has to be repeated. */
  mustRetry?: true;
}

interface PageCacheOptions {
  /**
   * Whether cookies identify the user, as after a sign-in. A page then matches only the cookies that it was fetched
   * with.
   */
  byCookies: boolean;
  log(level: 'debug' | 'info' | 'warn', message: string): void;
}

/**
 * The pages of a job's earlier runs, which make its runs incremental. Each page is revalidated: the site decides whether
 * the cached page is still current (RFC 9111 4.3). No page is served from the cache without a 304.
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
        `${redactUrl(url)}: HTTP 304 for another version than the cached one; fetching it again`,
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

/** An entity tag as RFC 9110 8.8.3 defines it. Any other value cannot be compared. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;

/** A request with its own conditions, or for a part only, matches no other request (RFC 9110 13.1, 14.2). */
const OWN_CONDITIONS = /^(?:if-|range$)/;

/** A younger response may still change within the second of its date (RFC 9110 8.8.2.2). */
const SETTLED_AFTER_MS = 1000;

/**
 * The cache key of a request. Another address, other headers or another identity give another key.
 * @param byCookies whether cookies identify the user
 */
export function cacheKey({ url, headers, cookie }: CacheRequest, byCookies: boolean): string {
  const address = url.origin + url.pathname + url.search;
  const sent = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([address, sent, byCookies ? cookie : null])).slice(0, 40);
}

/** Whether a response to this request may be stored and revalidated (RFC 9111 3, 4.1). */
export function isCacheable({ headers }: CacheRequest, { status, headers: answered }: Exchange, now: number) {
  if (status !== 200 || Object.keys(headers).some((name) => OWN_CONDITIONS.test(name))) return false;
  if (parseDirectives(headers['cache-control'] ?? '').has('no-store') || isNoStore(answered)) return false;
  if (parseFieldNames(getHeader(answered, 'vary')).has('*')) return false;
  return getEntityTag(answered) !== undefined || isSettled(answered, now);
}

/** Whether a response forbids storing it. */
function isNoStore(headers: ResponseHeaders): boolean {
  return parseDirectives(getHeader(headers, 'cache-control')).has('no-store');
}

/** Whether the site's pages depend on the cookies. */
export function hasVaryCookie(headers: ResponseHeaders): boolean {
  return parseFieldNames(getHeader(headers, 'vary')).has('cookie');
}

/** The headers that revalidate a cached response (RFC 9111 4.3.1). */
export function conditionalHeaders(cached: ResponseHeaders): Record<string, string> {
  const [tag, date] = [getEntityTag(cached), getLastModified(cached)];
  return { ...(tag && { 'if-none-match': tag }), ...(date && { 'if-modified-since': date }) };
}

/**
 * Whether a 304 is about the cached response (RFC 9111 4.3.3). A 304 that names another version is not. One that names
 * none answers this request's conditions.
 */
export function isSameVersion(cached: ResponseHeaders, answered: ResponseHeaders): boolean {
  const [tag, answeredTag] = [getEntityTag(cached), getEntityTag(answered)];
  if (tag !== undefined && answeredTag !== undefined) return opaqueTag(tag) === opaqueTag(answeredTag);
  const [date, answeredDate] = [getLastModified(cached), getLastModified(answered)];
  return date === undefined || answeredDate === undefined || Date.parse(date) === Date.parse(answeredDate);
}

function getEntityTag(headers: ResponseHeaders): string | undefined {
  const tag = getHeader(headers, 'etag').trim();
  return ENTITY_TAG.test(tag) ? tag : undefined;
}

function getLastModified(headers: ResponseHeaders): string | undefined {
  const date = getHeader(headers, 'last-modified').trim();
  return Number.isNaN(Date.parse(date)) ? undefined : date;
}

/** The weak comparison (RFC 9110 8.8.3.2). */
function opaqueTag(tag: string): string {
  return tag.replace(/^W\//, '');
}

/** A date alone distinguishes versions only after the second of the last change has passed. */
function isSettled(headers: ResponseHeaders, now: number): boolean {
  const date = getLastModified(headers);
  const sent = Date.parse(getHeader(headers, 'date'));
  return date !== undefined && (Number.isNaN(sent) ? now : sent) - Date.parse(date) >= SETTLED_AFTER_MS;
}

/** The directives of a Cache-Control header, without their arguments. */
function parseDirectives(header: string): Set<string> {
  return new Set(
    [...parseFieldNames(header.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''))].map((text) =>
      text.replace(/\s*=.*$/s, ''),
    ),
  );
}

function parseFieldNames(header: string): Set<string> {
  return new Set(
    header
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
}
