import { isUtf8 } from 'node:buffer';
import { redactUrl } from '../lib/redacted-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { type Exchange, getHeader } from './exchange.ts';

/** RFC 9110 15.4 fixes no number; five is what RFC 9309 asks of crawlers. */
const MAX_REDIRECTS = 5;

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Where an answer sends us; undefined when it sends us nowhere.
 * @param hops redirects followed so far
 * @throws ScrapeError `redirect` for one too many, or to something that is not http or https
 */
export function getRedirectTarget(from: URL, answer: Exchange, hops: number): URL | undefined {
  const location = decodeLocation(getHeader(answer.headers, 'location'));
  if (!REDIRECT_STATUSES.has(answer.status) || location === '') return undefined;
  if (!URL.canParse(location, from.href))
    throw redirectError(from, `redirects to "${location.slice(0, 100)}", which is no address`);
  return checkRedirectTarget(from, new URL(location, from), hops);
}

/** @throws ScrapeError `redirect` for one too many, or to something that is not http or https */
export function checkRedirectTarget(from: URL, target: URL, hops: number): URL {
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
 * The address in a Location header as the site wrote it. Its bytes come as one character each (Latin-1): where they are
 * UTF-8 they are read as that, as browsers do; any other byte above ASCII is kept as it is (`%E9`).
 * @param received the header's value, in which no character is above U+00FF
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
    hint: 'Open the address in a browser and use the one it ends at. A site that redirects in circles may expect cookies or a sign-in.',
  });
}
