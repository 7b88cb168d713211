import { QuickscrapeError } from '../../core/lib/errors.ts';
import { isTlsError } from '../http/network-error.ts';
import type { ScrapeError, ScrapeErrorKind } from '../lib/scrape-error.ts';

/**
 * Hints for a page of an address that the caller gave. Those of {@link ScrapeError} are written for runs: they tell
 * people to change a configuration, and here there is none.
 */
const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'The page needs a sign-in, which an address does not have. A configuration with authentication, or with the header that the site expects, can fetch it.',
  403: 'The site refuses this request. Check that it may be fetched; a configuration with a contact in user_agent, or with backend: browser, may be let in.',
  404: 'The page does not exist. Check the given url.',
  410: 'The page is gone permanently. Check the given url.',
  429: 'The site asks for fewer requests: wait, then try again.',
};
const BY_KIND: { readonly [K in ScrapeErrorKind]?: string } = {
  http: 'The site has a problem, which is often temporary: try again later, or open the given url in a browser.',
  robots:
    'If robots.txt could not be read, try again later. If you may fetch the page all the same (such as your own site), a configuration with respect_robots: false can.',
  timeout:
    'The site is slow or does not respond: try again later. A configuration can allow more time (timeout).',
  blocked_address:
    'A configuration reaches a private host only if its allow_private_hosts names it. For an assistant, the person also has to start this server with --allow-private-hosts HOST.',
  network: 'Check the given url, the network connection, and that the site is up.',
};

const CERTIFICATE_HINT = 'For a certificate authority of your own, a configuration can name its file (ca).';

/**
 * The error for a page of an address that cannot be fetched: the input is at fault, not a configuration. The hint about
 * addresses that nothing allows is right for both.
 */
export function addressError(error: ScrapeError): QuickscrapeError {
  const { kind, status, message, hint } = error;
  const own = (status === undefined ? undefined : BY_STATUS[status]) ?? BY_KIND[kind];
  const isNever = kind === 'blocked_address' && !hint?.includes('allow_private_hosts');
  const said = isTlsError(error) ? `${own} ${CERTIFICATE_HINT}` : isNever ? hint : (own ?? hint);
  return new QuickscrapeError('invalid_params', message, {
    field: 'url',
    ...(said !== undefined && { hint: said }),
  });
}
