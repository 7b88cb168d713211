import { sanitizeText } from '../../core/lib/sanitize-text.ts';

const NO_TLS = 'it does not speak TLS there';
const NO_ANSWER = 'it does not answer';
const CLOSED = 'the connection was closed';
const UNKNOWN_AUTHORITY =
  'its TLS certificate comes from an unknown authority (NODE_EXTRA_CA_CERTS may name the file of yours)';

const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there (connection refused)',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name could not be resolved',
  ECONNRESET: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  ETIMEDOUT: NO_ANSWER,
  UND_ERR_CONNECT_TIMEOUT: NO_ANSWER,
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

/** By what OpenSSL, Node, undici and nodemailer say. */
const BY_MESSAGE: readonly (readonly [said: RegExp, text: string])[] = [
  [/wrong version number|packet length too long/i, NO_TLS],
  [/self[- ]signed certificate in|unable to (?:verify|get)/i, UNKNOWN_AUTHORITY],
  [/self[- ]signed certificate/i, 'its TLS certificate is self-signed'],
  [/certificate has expired/i, 'its TLS certificate has expired'],
  [/certificate is not yet valid/i, 'its TLS certificate is not valid yet'],
  [/does not match certificate/i, 'its TLS certificate is for another name'],
  [/unsupported protocol|handshake failure|protocol version/i, 'it shares no TLS version with this machine'],
  [/^bad port$/i, 'web requests to this port are not allowed'],
  [/greeting never received/i, 'it does not greet: no mail server, or one that begins with TLS (smtps://)'],
  [/connection closed|unexpected socket close/i, CLOSED],
];

/** `ID:error:CODE:library:function:reason:file:line:` */
const OPENSSL_ERROR = /:error:[0-9A-F]*:[^:]*:[^:]*:([^:]+):/;

/** Describes in words why a connection failed. */
export function describeNetworkError(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return sanitizeText(String(cause));
  if (cause.name === 'TimeoutError') return 'it did not answer in time';
  const { message } = cause;
  const code = 'code' in cause ? String(cause.code) : '';
  // nodemailer has a code of its own; that of Node is in the message.
  const said = [code, ...(message.match(/\bE[A-Z_]{4,}\b/g) ?? [])].find((one) =>
    Object.hasOwn(BY_CODE, one),
  );
  if (said !== undefined) return BY_CODE[said] ?? message;
  const known = BY_MESSAGE.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return known[1];
  const reason = OPENSSL_ERROR.exec(message)?.[1];
  return sanitizeText(
    reason === undefined ? message || code || 'the request failed' : `TLS failed: ${reason}`,
  );
}
