import type { JobFacts } from './explain-job.ts';

/** What is known to be wrong with a zone's times is looked up at least so often, in milliseconds. */
const MAX_AGE_MS = 60_000;

/**
 * Until when an explanation stays as it is while nothing but time goes on: epoch milliseconds, exclusive. `now` where it
 * may be another one at any moment.
 * @param firstUndecided the first occurrence after the watermark, epoch milliseconds; asked for while no scheduler runs
 */
export function explanationValidUntil(facts: JobFacts, firstUndecided: number | undefined): number {
  const { now, next, overdue, scheduler } = facts;
  const changesByItself =
    facts.active.length > 0 ||
    facts.clock !== undefined ||
    facts.disk !== undefined ||
    facts.warnings.length > 0 ||
    facts.watermark > now;
  // Passed, but not for so long that it is called overdue.
  const isPassing =
    scheduler.state === 'off' && overdue === null && firstUndecided !== undefined && firstUndecided <= now;
  if (changesByItself || isPassing) return now;
  return Math.min(next ?? Number.POSITIVE_INFINITY, graceUntil(facts), now + MAX_AGE_MS);
}

/** When what has passed with no scheduler is too long ago to be made up for. */
function graceUntil({ overdue, graceTime, now }: JobFacts): number {
  if (overdue === null || graceTime === null) return Number.POSITIVE_INFINITY;
  const end = overdue.last + graceTime * 1000 + 1;
  return end > now ? end : Number.POSITIVE_INFINITY;
}
