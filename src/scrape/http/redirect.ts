import { isUtf8 } from 'node:buffer';
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { type Exchange, getHeader } from './exchange.ts';

/** RFC 9110 15.4 sets no number; RFC 9309 asks crawlers to follow five. */
const MAX_REDIRECTS = 5;

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Returns the target of a redirect; undefined if the response is not a redirect.
 * @param hops redirects followed so far
 * @throws ScrapeError `redirect` for one too many, or for a target that is not http or https
 */
export function getRedirectTarget(from: URL, answer: Exchange, hops: number): URL | undefined {
  const location = decodeLocation(getHeader(answer.headers, 'location'));
  if (!REDIRECT_STATUSES.has(answer.status) || location === '') return undefined;
  if (!canParseUrl(location, from.href))
    throw redirectError(from, `redirects to "${location.slice(0, 100)}", which is not an address`);
  return checkRedirectTarget(from, new URL(location, from), hops);
}

/** @throws ScrapeError `redirect` for one too many, or for a target that is not http or https */
function checkRedirectTarget(from: URL, target: URL, hops: number): URL {
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw redirectError(from, `redirects to a ${target.protocol} address; only http and https are followed`);
  }
  if (hops >= MAX_REDIRECTS) {
    throw redirectError(
      from,
      `redirects once more after ${MAX_REDIRECTS} redirects, now to ${redactUrl(target)}`,
    );
  }
  target.username = '';
  target.password = '';
  return target;
}

/**
 * Decodes a Location header. Each byte arrives as one character (Latin-1). Bytes that form UTF-8 are decoded as UTF-8,
 * as browsers do. Any other byte above ASCII is percent-encoded (`%E9`).
 * @param received the header's value; no character is above U+00FF
 */
export function decodeLocation(received: string): string {
  if (!/[\u0080-\u00FF]/.test(received)) return received;
  const bytes = Buffer.from(received, 'latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return received.replaceAll(/[\u0080-\u00FF]/g, encodeByte);
}

function encodeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function redirectError(from: URL, what: string): ScrapeError {
  return new ScrapeError('redirect', `${redactUrl(from)} ${what}`, {
    url: redactUrl(from),
    hint: 'Open the address in a browser, and use the address that it ends at. A site that redirects in circles may expect cookies or a sign-in.',
  });
}

/** A page with a longer delay is meant to be read. Seconds. */
const MAX_DELAY_S = 5;
/** The tag is in the head of a page. Bytes. */
const MAX_SCANNED_BYTES = 64_000;

/** Parts that are ignored: comments, scripts, and content for browsers without scripts. */
const TAGS =
  /<!--[\s\S]*?(?:-->|$)|<(script|style|noscript|template|textarea|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/**
 * Returns the target of a refresh tag (`<meta http-equiv="refresh" content="0; url=…">`, HTML 4.2.5.3), which is
 * followed like a redirect. Returns undefined without such a tag, for a delay over five seconds, and for a page that
 * refreshes itself.
 * @param hops redirects followed so far
 * @throws ScrapeError `redirect` for one too many
 */
export function getRefreshTarget(from: URL, answer: Exchange, hops: number): URL | undefined {
  const isPage = answer.status >= 200 && answer.status < 300;
  if (!isPage || !/^\s*(?:$|text\/html|application\/xhtml)/i.test(getHeader(answer.headers, 'content-type')))
    return undefined;
  const bytes = answer.body.subarray(0, MAX_SCANNED_BYTES);
  const raw = bytes.toString('latin1');
  if (!/http-equiv/i.test(raw)) return undefined;
  const html = (isUtf8(bytes) ? bytes.toString('utf8') : raw).replaceAll(TAGS, '');
  const address = findRefresh(html);
  const base = tryParseUrl(getAttribute(/<base\s[^>]*>/i.exec(html)?.[0] ?? '', 'href') ?? '', from) ?? from;
  const target = address === undefined ? undefined : tryParseUrl(address, base);
  if (target === undefined || !/^https?:$/.test(target.protocol) || isSamePage(target, from))
    return undefined;
  return checkRedirectTarget(from, target, hops);
}

function findRefresh(html: string): string | undefined {
  for (const [tag] of html.matchAll(/<meta\s[^>]*>/gi)) {
    if (getAttribute(tag, 'http-equiv')?.trim().toLowerCase() !== 'refresh') continue;
    const content = getAttribute(tag, 'content') ?? '';
    const [, seconds = '', address = ''] =
      /^\s*(\d*\.?\d*)\s*[;,\s]\s*(?:url\s*=\s*)?(.+)$/is.exec(content) ?? [];
    if (address === '' || !(Number(seconds) <= MAX_DELAY_S)) return undefined;
    const quote = /^["']/.exec(address)?.[0];
    return quote === undefined ? address.trim() : address.slice(1).split(quote, 1)[0]?.trim();
  }
  return undefined;
}

function getAttribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  const text = found?.[1] ?? found?.[2] ?? found?.[3];
  return text?.replaceAll(
    /&(?:(amp|quot|apos|lt|gt)|#(\d{1,6})|#x([0-9a-f]{1,5}));/gi,
    (_, name, decimal, hex) =>
      name === undefined
        ? String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
        : (ENTITIES[String(name).toLowerCase()] ?? ''),
  );
}

function tryParseUrl(text: string, base: URL): URL | undefined {
  return text !== '' && canParseUrl(text, base.href) ? new URL(text, base) : undefined;
}

/** Whether both addresses are the same page; the fragment (after #) does not count. */
function isSamePage(target: URL, from: URL): boolean {
  const [there, here] = [new URL(target), new URL(from)];
  for (const url of [there, here]) url.hash = '';
  return there.href === here.href;
}
