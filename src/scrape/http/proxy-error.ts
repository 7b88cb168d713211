import { STATUS_CODES } from 'node:http';
import { ScrapeError } from '../lib/scrape-error.ts';
import { PROXY_BUSY, PROXY_REFUSED, toNetworkError } from './network-error.ts';

/** Answers of a proxy that may be others within seconds. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const HINTS: Readonly<Record<number, string>> = {
  403: 'The proxy allows neither every host nor every port. Ask whoever runs it.',
  407: 'Check name and password under proxy in the configuration (secrets.env). What is special in an address is written as %40 for @, %3A for :, %2F for /.',
  405: 'It may be a web server and no proxy. Check proxy in the configuration.',
  502: 'The proxy cannot reach the site. Check the address, or try again later.',
  503: 'The proxy cannot reach the site. Check the address, or try again later.',
  504: 'The site does not answer the proxy. Try again later.',
};

/** The proxy itself cannot be reached: what went wrong is told of it, and not of the site. */
export function proxyUnreachableError(error: unknown, proxy: URL, timeoutMs: number): ScrapeError {
  if (error instanceof ScrapeError)
    return new ScrapeError(error.kind, `the proxy ${error.message}`, {
      hint: error.hint ?? '',
      cause: error.cause,
    });
  const described = toNetworkError(error, new URL(proxy.origin), timeoutMs);
  const { message, kind, cause } = described;
  if (kind === 'memory') return described;
  return new ScrapeError(kind, `the proxy: ${message}`, {
    hint: 'Check proxy in the configuration, and that the proxy is up.',
    cause,
  });
}

/** The proxy does not say whether it has a connection. @param target `host:port` */
export function proxyTimeoutError(proxy: URL, target: string, ms: number): ScrapeError {
  return new ScrapeError(
    'timeout',
    `the proxy ${proxy.host} gives no connection to ${target} within ${ms / 1000} s`,
    {
      hint: 'The proxy or the site is slow or silent. Try again later, or give it longer: timeout in the configuration, --timeout.',
    },
  );
}

/** The proxy answers in place of the site. @param target `host:port` */
export function proxyRefusedError(status: number, proxy: URL, target: string): ScrapeError {
  const reason = STATUS_CODES[status];
  const statusText = `${status}${reason === undefined ? '' : ` ${reason}`}`;
  const what = status === 407 ? 'asks for a sign-in' : `gives no connection to ${target}`;
  return new ScrapeError('network', `the proxy ${proxy.host} ${what}: ${statusText}`, {
    hint: HINTS[status] ?? 'The proxy refuses. Ask whoever runs it, or check proxy in the configuration.',
    cause: Object.assign(new Error(statusText), {
      code: TRANSIENT_STATUSES.has(status) ? PROXY_BUSY : PROXY_REFUSED,
    }),
  });
}
