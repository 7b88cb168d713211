import { errors } from 'undici';
import { toOutOfMemoryError } from '../lib/out-of-memory.ts';
import { redactUrl } from '../lib/redacted-url.ts';
import { ScrapeError, type ScrapeErrorKind } from '../lib/scrape-error.ts';
import { findTlsProblem } from './tls-error.ts';

/** A proxy that gives no connection: for now, or at all. */
export const PROXY_BUSY = 'PROXY_BUSY';
export const PROXY_REFUSED = 'PROXY_REFUSED';

/** Failures of the connection that may pass within seconds. A refused or unknown host does not. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'EAI_AGAIN',
  'ENETDOWN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  PROXY_BUSY,
]);

export function isTransientError(error: unknown): boolean {
  return (
    error instanceof ScrapeError && error.kind === 'network' && TRANSIENT_CODES.has(getCode(error.cause))
  );
}

/** The name server says that there is no such host. */
export function isUnknownHost(error: ScrapeError): boolean {
  return error.kind === 'network' && getCode(error.cause) === 'ENOTFOUND';
}

/** No page comes from a site whose certificate or way of encryption is refused, robots.txt or any other. */
export function isTlsError(error: ScrapeError): boolean {
  return error.kind === 'network' && findTlsProblem(error.cause, getCode(error.cause)) !== undefined;
}

function getCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // The parser's complaint of an answer that was cut off has no code.
  if (error instanceof errors.HTTPParserError && error.message.includes('Invalid EOF'))
    return 'UND_ERR_SOCKET';
  return 'code' in error && typeof error.code === 'string' ? error.code : getCode(error.cause);
}

type Description = readonly [text: (host: string, port: string) => string, hint: string];

const TRY_LATER = 'Often it passes: run again later.';
const CHECK_ADDRESS = 'Check the address in the configuration and that the site is up.';
/** By error code of Node or undici. */
const DESCRIPTIONS: Record<string, Description> = {
  ENOTFOUND: [
    (host) => `${host}: no such host (DNS)`,
    'Check the spelling of the address and the network connection.',
  ],
  EAI_AGAIN: [
    (host) => `${host}: the name could not be looked up (DNS does not answer)`,
    'Check the network connection.',
  ],
  ECONNREFUSED: [(host, port) => `nothing listens on ${host}:${port}`, CHECK_ADDRESS],
  ECONNRESET: [(host) => `${host} closed the connection`, TRY_LATER],
  UND_ERR_SOCKET: [describeCutOff, TRY_LATER],
  // The same where the site says that it will close the connection after its answer.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [describeCutOff, TRY_LATER],
  EPIPE: [(host) => `${host} closed the connection`, TRY_LATER],
  EHOSTUNREACH: [(host) => `${host} cannot be reached (no route)`, 'Check the network connection.'],
  ENETUNREACH: [(host) => `${host} cannot be reached (no network)`, 'Check the network connection.'],
  UND_ERR_HEADERS_OVERFLOW: [(host) => `${host} answered with headers over 64 KB`, CHECK_ADDRESS],
};

function describeCutOff(host: string): string {
  return `${host} closed the connection before the answer was complete`;
}

/** Turns what Node, OpenSSL or undici threw for a request into words, a lack of memory into one of kind `memory`; a ScrapeError stays as it is. */
export function toNetworkError(error: unknown, url: URL, timeoutMs: number): ScrapeError {
  if (error instanceof ScrapeError) return error;
  const shortage = toOutOfMemoryError(error);
  if (shortage) return shortage;
  const code = getCode(error);
  const fail = (kind: ScrapeErrorKind, text: string, hint: string) =>
    new ScrapeError(kind, text, { url: redactUrl(url), hint, cause: error });
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return timeoutError(url, `no connection within ${timeoutMs / 1000} s`, error);
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return fail(
      'config',
      `a header cannot be sent: ${getMessage(error)}`,
      'Check headers and user_agent in the configuration.',
    );
  }
  const description = DESCRIPTIONS[code];
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (description !== undefined) return fail('network', description[0](url.hostname, port), description[1]);
  const tls = findTlsProblem(error, code);
  if (tls !== undefined) return fail('network', `${url.host}: ${tls.text}`, tls.hint);
  if (error instanceof errors.HTTPParserError) {
    return fail('network', `${url.hostname}:${port} answered with something that is not HTTP`, CHECK_ADDRESS);
  }
  const detail = code === '' ? getMessage(error) : `${getMessage(error)} (${code})`;
  return fail('network', `${redactUrl(url)}: ${detail}`, CHECK_ADDRESS);
}

export function timeoutError(url: URL, what: string, cause?: unknown): ScrapeError {
  return new ScrapeError('timeout', `${redactUrl(url)}: ${what}`, {
    url: redactUrl(url),
    hint: 'The site is slow or silent. Try again later, or give it longer: timeout in the configuration, --timeout.',
    cause,
  });
}

function getMessage(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
