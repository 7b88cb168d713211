import { hash } from 'node:crypto';
import type { ResponseHeaders } from '../dispatch-request.ts';
import { type Exchange, getHeader } from '../exchange.ts';

/** A request for a page, as far as it decides which kept answer fits it. */
export interface CacheRequest {
  url: URL;
  /** Names in lower case; all that is sent but the cookies that sites gave. */
  headers: Readonly<Record<string, string>>;
  /** Those cookies, as a header's value, or ''. */
  cookie: string;
}

/** An entity tag as RFC 9110 8.8.3 writes it; what else stands there is told by no comparison. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;

/** A request that has conditions of its own, or wants a part only, is nobody else's (RFC 9110 13.1, 14.2). */
const OWN_CONDITIONS = /^(?:if-|range$)/;

/** An answer of this age may still change within the second that its date counts in (RFC 9110 8.8.2.2). */
const SETTLED_AFTER_MS = 1000;

/**
 * The name under which an answer to this request is kept: another address, other headers, another identity, another name.
 * @param byCookies whether the cookies say who asks
 */
export function cacheKey({ url, headers, cookie }: CacheRequest, byCookies: boolean): string {
  const address = url.origin + url.pathname + url.search;
  const sent = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([address, sent, byCookies ? cookie : null])).slice(0, 40);
}

/** Whether an answer to this request may be kept, and can be asked after (RFC 9111 3, 4.1). */
export function isCacheable({ headers }: CacheRequest, { status, headers: answered }: Exchange, now: number) {
  if (status !== 200 || Object.keys(headers).some((name) => OWN_CONDITIONS.test(name))) return false;
  if (parseDirectives(headers['cache-control'] ?? '').has('no-store') || isNoStore(answered)) return false;
  if (parseFieldNames(getHeader(answered, 'vary')).has('*')) return false;
  return getEntityTag(answered) !== undefined || isSettled(answered, now);
}

/** Whether an answer says that nothing of it may be kept. */
export function isNoStore(headers: ResponseHeaders): boolean {
  return parseDirectives(getHeader(headers, 'cache-control')).has('no-store');
}

/** Whether the site sends other pages to those who bring other cookies. */
export function hasVaryCookie(headers: ResponseHeaders): boolean {
  return parseFieldNames(getHeader(headers, 'vary')).has('cookie');
}

/** What asks whether a kept answer is still the page (RFC 9111 4.3.1). */
export function conditionalHeaders(cached: ResponseHeaders): Record<string, string> {
  const [tag, date] = [getEntityTag(cached), getLastModified(cached)];
  return { ...(tag && { 'if-none-match': tag }), ...(date && { 'if-modified-since': date }) };
}

/**
 * Whether a 304 speaks of the kept answer (RFC 9111 4.3.3): one that names another version does not. One that names none
 * is an answer to our conditions.
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

/** A date alone tells versions apart only once the second of the last change is over. */
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
