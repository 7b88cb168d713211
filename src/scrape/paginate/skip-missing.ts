import { isUnknownHost } from '../http/network-error.ts';
import { isDisallowed } from '../http/robots.ts';
import { describeUrlProblem } from '../lib/redacted-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { FailureLimit } from './failure-limit.ts';
import type { Visit, Walk } from './walk.ts';

/**
 * The pages from one of several start addresses: where the first one is missing, it is left out with a warning.
 * @throws ScrapeError when too many are left out
 */
export async function* skipMissing(
  start: string,
  visits: AsyncGenerator<Visit>,
  limit: FailureLimit,
  walk: Walk,
): AsyncGenerator<Visit> {
  let isFirst = true;
  try {
    for await (const visit of visits) {
      if (isFirst) limit.succeeded();
      isFirst = false;
      yield visit;
    }
  } catch (error) {
    if (!isFirst || !isMissing(error, start)) throw error;
    walk.skipStart(start, describeUrlProblem(start, error));
    limit.failed(error);
  }
}

/** There is no such page or host, or robots.txt disallows it. Whatever may pass with time is no page that is missing. */
function isMissing(error: unknown, start: string): error is ScrapeError {
  if (!(error instanceof ScrapeError)) return false;
  if (isUnknownHost(error)) return getHost(error.url) === getHost(start);
  return isDisallowed(error) || (error.kind === 'http' && (error.status === 404 || error.status === 410));
}

/** Another host, such as that of the sign-in, may be one that all addresses need. */
function getHost(url = ''): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}
