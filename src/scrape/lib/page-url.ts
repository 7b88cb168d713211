import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { ScrapeError } from './scrape-error.ts';

/** Returns the address for messages and logs: without its password and fragment, and truncated to 300 characters. */
export function redactUrl(url: string | URL): string {
  const redacted = new URL(url);
  if (redacted.password !== '') redacted.password = '***';
  redacted.hash = '';
  if (redacted.href.length <= MAX_LENGTH) return redacted.href;
  // A variable's reference is shown whole or not at all, because part of it could confirm a guess.
  const kept = redacted.href.slice(0, MAX_LENGTH - 1);
  return `${kept.slice(0, findLastPart(kept))}…`;
}

const MAX_LENGTH = 300;

function findLastPart(href: string): number {
  return Math.max(...['/', '?', '&', '='].map((mark) => href.lastIndexOf(mark))) + 1;
}

/** Describes an error at an address, for use after that address: the address is not repeated. */
export function describeUrlProblem(url: string, { message }: Error): string {
  if (!canParseUrl(url)) return message;
  const at = redactUrl(url);
  if (message.startsWith(`${at}: `)) return message.slice(at.length + 2);
  return message.endsWith(` ${at}`) ? `${message.slice(0, -at.length)}it` : message;
}

/**
 * Returns a page's address without fragment, name and password. Credentials are sent in a header and must not appear in
 * logs, progress and rows.
 */
export function toPageUrl(url: string): string {
  const address = new URL(url);
  address.hash = '';
  address.username = '';
  address.password = '';
  const { href } = address;
  // One text in memory for the many addresses that need no change.
  return href === url ? url : href;
}

/** Returns the URL to fetch for an address. @throws ScrapeError `config` if it is not http or https */
export function parseUrl(address: string): URL {
  const url = canParseUrl(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') {
    // Credentials are sent in a header (request-headers.ts).
    url.username = '';
    url.password = '';
    return url;
  }
  throw new ScrapeError('config', `"${address.slice(0, 200)}" is not an http or https address`, {
    hint: 'Write the whole address, such as https://example.com/books.',
  });
}
