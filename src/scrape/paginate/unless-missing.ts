import { ScrapeError } from '../errors.ts';
import { problemAt } from '../fetch/shown-url.ts';
import type { FailureLimit } from '../follow/failure-limit.ts';
import type { Visit, Walk } from './walk.ts';

/**
 * The pages from a start address that somebody else wrote down: where the first one is not there, or robots.txt disallows
 * it, it is left out with a warning.
 * @throws ScrapeError when too many are left out
 */
export async function* unlessMissing(
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
    if (!isFirst || !isMissing(error)) throw error;
    walk.warn(`${start}: left out, though the sitemap names it: ${problemAt(start, error)}`, start);
    limit.failed(error);
  }
}

function isMissing(error: unknown): error is ScrapeError {
  return (
    error instanceof ScrapeError && (error.kind === 'robots' || error.status === 404 || error.status === 410)
  );
}
