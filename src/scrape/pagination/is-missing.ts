import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { isUnknownHost } from '../http/network-error.ts';
import { isDisallowed } from '../http/robots.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/**
 * Whether a start address is missing: the page or host does not exist, or robots.txt disallows it. Failures that may
 * pass with time do not count.
 */
export function isMissing(error: unknown, start: string): error is ScrapeError {
  if (!(error instanceof ScrapeError)) return false;
  if (isUnknownHost(error)) return getHost(error.url) === getHost(start);
  return isDisallowed(error) || (error.kind === 'http' && (error.status === 404 || error.status === 410));
}

/** Only the start address's own host counts: all addresses may need another host, such as that of the sign-in. */
export function getHost(url = ''): string | undefined {
  return canParseUrl(url) ? new URL(url).host : undefined;
}
