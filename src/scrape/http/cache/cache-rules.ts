import { hash } from 'node:crypto';
import type { ResponseHeaders } from '../dispatch-request.ts';
import { type Exchange, getHeader } from '../exchange.ts';

/** The parts of a page request that decide which cached response matches. */
export interface CacheRequest {
  url: URL;
  /** Names in lower case. All sent headers except cookies that sites set. */
  headers: Readonly<Record<string, string>>;
  /** The cookies that sites set, as a header's value, or ''. */
  cookie: string;
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
export function isNoStore(headers: ResponseHeaders): boolean {
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
