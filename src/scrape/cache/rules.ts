import { hash } from 'node:crypto';
import { type Exchange, headerText } from '../fetch/exchange.ts';
import type { ResponseHeaders } from '../fetch/receive.ts';

/** A request for a page, as far as it decides which kept answer fits it. */
export interface PageRequest {
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
export function nameOf({ url, headers, cookie }: PageRequest, byCookies: boolean): string {
  const address = url.origin + url.pathname + url.search;
  const sent = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([address, sent, byCookies ? cookie : null])).slice(0, 40);
}

/** Whether an answer to this request may be kept, and can be asked after (RFC 9111 3, 4.1). */
export function mayKeep({ headers }: PageRequest, { status, headers: answered }: Exchange, now: number) {
  if (status !== 200 || Object.keys(headers).some((name) => OWN_CONDITIONS.test(name))) return false;
  if (directives(headers['cache-control'] ?? '').has('no-store') || forbidsKeeping(answered)) return false;
  if (fieldsOf(headerText(answered, 'vary')).has('*')) return false;
  return tagOf(answered) !== undefined || isSettled(answered, now);
}

/** Whether an answer says that nothing of it may be kept. */
export function forbidsKeeping(headers: ResponseHeaders): boolean {
  return directives(headerText(headers, 'cache-control')).has('no-store');
}

/** Whether the site sends other pages to those who bring other cookies. */
export function variesByCookie(headers: ResponseHeaders): boolean {
  return fieldsOf(headerText(headers, 'vary')).has('cookie');
}

/** What asks whether a kept answer is still the page (RFC 9111 4.3.1). */
export function conditionsFor(kept: ResponseHeaders): Record<string, string> {
  const [tag, date] = [tagOf(kept), dateOf(kept)];
  return { ...(tag && { 'if-none-match': tag }), ...(date && { 'if-modified-since': date }) };
}

/**
 * Whether a 304 speaks of the kept answer (RFC 9111 4.3.3): one that names another version does not. One that names none
 * is an answer to our conditions.
 */
export function confirms(kept: ResponseHeaders, answered: ResponseHeaders): boolean {
  const [tag, told] = [tagOf(kept), tagOf(answered)];
  if (tag !== undefined && told !== undefined) return opaque(tag) === opaque(told);
  const [date, toldDate] = [dateOf(kept), dateOf(answered)];
  return date === undefined || toldDate === undefined || Date.parse(date) === Date.parse(toldDate);
}

function tagOf(headers: ResponseHeaders): string | undefined {
  const tag = headerText(headers, 'etag').trim();
  return ENTITY_TAG.test(tag) ? tag : undefined;
}

function dateOf(headers: ResponseHeaders): string | undefined {
  const date = headerText(headers, 'last-modified').trim();
  return Number.isNaN(Date.parse(date)) ? undefined : date;
}

/** The weak comparison (RFC 9110 8.8.3.2). */
function opaque(tag: string): string {
  return tag.replace(/^W\//, '');
}

/** A date alone tells versions apart only once the second of the last change is over. */
function isSettled(headers: ResponseHeaders, now: number): boolean {
  const date = dateOf(headers);
  const sent = Date.parse(headerText(headers, 'date'));
  return date !== undefined && (Number.isNaN(sent) ? now : sent) - Date.parse(date) >= SETTLED_AFTER_MS;
}

/** The directives of a Cache-Control header, without their arguments. */
function directives(header: string): Set<string> {
  return new Set(
    [...fieldsOf(header.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''))].map((text) => text.replace(/\s*=.*$/s, '')),
  );
}

function fieldsOf(header: string): Set<string> {
  return new Set(
    header
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
}
