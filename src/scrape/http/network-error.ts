import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError, type ScrapeErrorKind, toOutOfMemoryError } from '../lib/scrape-error.ts';
import { errors } from './undici.ts';

/** A problem of a site's TLS, and a hint for it. */
interface TlsProblem {
  text: string;
  hint: string;
}

const TRUST_HINT =
  'If the certificate comes from an authority of your own, name its file (PEM) in the configuration: ca: "/etc/ssl/our-authority.pem". For every Node program, there is the environment variable NODE_EXTRA_CA_CERTS.';
const OWNER_HINT = 'Only the owner of the site can change it.';
const PORT_HINT = 'Use http:// instead of https://, or the right port.';

/** By error code of Node or OpenSSL. The text follows the host's name. */
const PROBLEMS: Readonly<Record<string, readonly [text: string, hint: string]>> = {
  CERT_HAS_EXPIRED: [
    'its TLS certificate has expired',
    'Only the owner of the site can renew it. If the site works in a browser, check the clock of this machine.',
  ],
  CERT_NOT_YET_VALID: ['its TLS certificate is not valid yet', 'Check the clock of this machine.'],
  CERT_REVOKED: ['its TLS certificate has been revoked', OWNER_HINT],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its TLS certificate is self-signed', TRUST_HINT],
  SELF_SIGNED_CERT_IN_CHAIN: ['its TLS certificate comes from an unknown authority', TRUST_HINT],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'its TLS certificate comes from an unknown authority, or its chain is incomplete',
    TRUST_HINT,
  ],
  UNABLE_TO_GET_ISSUER_CERT: ['its TLS certificate comes from an unknown authority', TRUST_HINT],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['its TLS certificate comes from an unknown authority', TRUST_HINT],
  ERR_SSL_WRONG_VERSION_NUMBER: ['it does not speak TLS at this port', PORT_HINT],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['it does not speak TLS at this port', PORT_HINT],
  ERR_SSL_HTTP_REQUEST: ['it does not speak TLS at this port', PORT_HINT],
};

/** By the end of the code of an alert or of OpenSSL: the full names differ between versions. */
const KINDS: readonly (readonly [pattern: RegExp, text: string, hint: string])[] = [
  [
    /NO_APPLICATION_PROTOCOL$/,
    'it speaks HTTP/2 only (TLS, ALPN), and QuickScrape speaks HTTP/1.1',
    'Look for another address of the site that speaks HTTP/1.1, or go through a proxy that translates.',
  ],
  [
    /PROTOCOL_VERSION$|UNSUPPORTED_PROTOCOL$|HANDSHAKE_FAILURE$|NO_PROTOCOLS_AVAILABLE$|LEGACY_RENEGOTIATION_DISABLED$|KEY_TOO_SMALL$|NO_SHARED_CIPHER$/,
    'it shares no TLS version or cipher with this machine: most likely its TLS is too old',
    OWNER_HINT,
  ],
  [/UNRECOGNIZED_NAME$/, 'it has no site of this name (TLS)', 'Check the address in the configuration.'],
];

/**
 * Describes a TLS error.
 * @param error the error that ended the connection
 * @param code its code
 * @returns undefined if the code is not one of TLS
 */
function findTlsProblem(error: unknown, code: string): TlsProblem | undefined {
  const known = Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code] : undefined;
  if (known !== undefined) return { text: known[0], hint: known[1] };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return describeNameMismatch(error);
  const kind = KINDS.find(([pattern]) => /^ERR_SSL_/.test(code) && pattern.test(code));
  if (kind !== undefined) return { text: kind[1], hint: kind[2] };
  if (
    !/^(?:ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|ERROR_IN_CERT_|ERROR_IN_CRL_|INVALID_CA$|INVALID_PURPOSE$)/.test(
      code,
    )
  )
    return undefined;
  const reason = code
    .replace(/^ERR_(?:SSL|TLS)_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
  return {
    text: `TLS failed: ${reason} (${code})`,
    hint: 'Open the address in a browser: it says what is wrong with the certificate.',
  };
}

/** The certificate lists the names that it is valid for. */
function describeNameMismatch(error: unknown): TlsProblem {
  const names = /DNS:|IP Address:/.test(getCertificateNames(error))
    ? ` (${getCertificateNames(error)
        .replaceAll(/DNS:|IP Address:/g, '')
        .slice(0, 200)})`
    : '';
  return {
    text: `its TLS certificate is issued for another name${names}`,
    hint: 'Use that name in the address, if the site is the same. Otherwise, only its owner can change the certificate.',
  };
}

function getCertificateNames(error: unknown): string {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (!('cert' in one) || typeof one.cert !== 'object' || one.cert === null) continue;
    const names = (one.cert as { subjectaltname?: unknown }).subjectaltname;
    if (typeof names === 'string') return names;
  }
  return '';
}

/** The proxy gives no connection: temporarily (`PROXY_BUSY`) or permanently (`PROXY_REFUSED`). */
export const PROXY_BUSY = 'PROXY_BUSY';
export const PROXY_REFUSED = 'PROXY_REFUSED';

/** Connection failures that may pass within seconds. A refused connection or an unknown host does not. */
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

/** Whether the name server reported that the host does not exist. */
export function isUnknownHost(error: ScrapeError): boolean {
  return error.kind === 'network' && getCode(error.cause) === 'ENOTFOUND';
}

/** Whether TLS failed: no page of the site can then be fetched, including robots.txt. */
export function isTlsError(error: ScrapeError): boolean {
  return error.kind === 'network' && findTlsProblem(error.cause, getCode(error.cause)) !== undefined;
}

function getCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // The parser's error for a truncated response has no code.
  if (error instanceof errors.HTTPParserError && error.message.includes('Invalid EOF'))
    return 'UND_ERR_SOCKET';
  return 'code' in error && typeof error.code === 'string' ? error.code : getCode(error.cause);
}

type Description = readonly [text: (host: string, port: string) => string, hint: string];

const TRY_LATER = 'This is often temporary: run again later.';
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
  // The same error, for a site that announces that it will close the connection after its response.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [describeCutOff, TRY_LATER],
  EPIPE: [(host) => `${host} closed the connection`, TRY_LATER],
  EHOSTUNREACH: [(host) => `${host} cannot be reached (no route)`, 'Check the network connection.'],
  ENETUNREACH: [(host) => `${host} cannot be reached (no network)`, 'Check the network connection.'],
  UND_ERR_HEADERS_OVERFLOW: [(host) => `${host} answered with headers over 64 KB`, CHECK_ADDRESS],
};

function describeCutOff(host: string): string {
  return `${host} closed the connection before the answer was complete`;
}

/**
 * Converts an error of Node, OpenSSL or undici into a ScrapeError with a readable text. A lack of memory becomes kind
 * `memory`. A ScrapeError stays unchanged.
 */
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
    hint: 'The site is slow or does not respond. Try again later, or allow more time: timeout in the configuration, or --timeout.',
    cause,
  });
}

function getMessage(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
