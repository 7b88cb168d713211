import { canParseUrl } from '../lib/can-parse-url.ts';
import { QuickscrapeError } from '../lib/errors.ts';

const ALLOWED = 'redis://HOST:PORT, rediss://HOST:PORT or unix:///PATH';

/**
 * Checks an address of Redis or Valkey: `redis://[USER@]HOST[:PORT][/DATABASE]`, the same with `rediss://` for TLS, or
 * `unix:///PATH` for a socket.
 * @throws QuickscrapeError `invalid_params`: it is none, or contains a password
 */
export function checkRedisAddress(address: string): void {
  const url = parseAddress(address);
  // Checked first and never repeated in the message, because settings and errors are shown and logged.
  if (url === undefined ? /:[^/@]*@/.test(address) : url.password !== '') {
    throw new QuickscrapeError('invalid_params', 'executor_redis: must be an address without a password', {
      field: 'executor_redis',
      hint: 'Put the password into QUICKSCRAPE_REDIS_PASSWORD, in the environment or in secrets.env of the home.',
    });
  }
  if (url === undefined || !isWhole(url)) {
    throw new QuickscrapeError('invalid_params', `executor_redis: must be ${ALLOWED}`, {
      field: 'executor_redis',
    });
  }
}

/**
 * Parts an address into the one without a user, and the user that it names.
 * @param address one that {@link checkRedisAddress} accepts
 */
export function splitRedisAddress(address: string): { address: string; user: string | undefined } {
  const url = new URL(address);
  const user = decodeURIComponent(url.username) || undefined;
  url.username = '';
  return { address: url.href, user };
}

/**
 * Whether what goes to this address may be read on its way: it leaves this machine without TLS.
 * @param address one that {@link checkRedisAddress} accepts
 */
export function isRedisUnencrypted(address: string): boolean {
  const url = parseAddress(address);
  return url?.protocol === 'redis:' && !isLoopback(url.hostname);
}

function parseAddress(address: string): URL | undefined {
  return /\s/.test(address) || !canParseUrl(address) ? undefined : new URL(address);
}

function isWhole({ protocol, host, username, pathname, search, hash }: URL): boolean {
  if (search !== '' || hash !== '') return false;
  if (protocol === 'unix:') return host === '' && username === '' && pathname.length > 1;
  return (protocol === 'redis:' || protocol === 'rediss:') && host !== '' && /^\/?\d{0,4}$/.test(pathname);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
