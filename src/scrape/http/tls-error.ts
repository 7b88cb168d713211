/** What is wrong with a site's TLS, and what to do about it. */
interface TlsProblem {
  text: string;
  hint: string;
}

const TRUST_HINT =
  'If the certificate comes from an authority of your own, name its file (PEM) in the configuration: ca: "/etc/ssl/our-authority.pem". For all that Node runs there is the environment variable NODE_EXTRA_CA_CERTS.';
const OWNER_HINT = 'Only the owner of the site can change it.';
const PORT_HINT = 'Use http:// instead of https://, or the right port.';

/** By error code of Node or OpenSSL; what is said goes on after the host's name. */
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

/** By what the code of an alert or of OpenSSL ends in: their names differ from version to version. */
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
  [/UNRECOGNIZED_NAME$/, 'it knows no site of this name (TLS)', 'Check the address in the configuration.'],
];

/** @param error what TLS ended with @param code its code; undefined is returned where it is none of TLS */
export function findTlsProblem(error: unknown, code: string): TlsProblem | undefined {
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

/** The certificate says whose it is. */
function describeNameMismatch(error: unknown): TlsProblem {
  const names = /DNS:|IP Address:/.test(getCertificateNames(error))
    ? ` (${getCertificateNames(error)
        .replaceAll(/DNS:|IP Address:/g, '')
        .slice(0, 200)})`
    : '';
  return {
    text: `its TLS certificate is made out for another name${names}`,
    hint: 'Use that name in the address, if the site is the same. Else only its owner can change the certificate.',
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
