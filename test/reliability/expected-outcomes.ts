import type { RunRecord } from '../../src/core/model/run-record.ts';

/** Of a late start, in milliseconds (docs/reference/schedules.md): said again here, since nothing of the scheduler is asked. */
const ON_TIME_MS = 10_000;

export interface OutcomePolicy {
  overlap: string;
  catch_up: string;
  /** Seconds. */
  misfire_grace_time: number | null;
}

/** What has to become of an occurrence: that of its row when it has just been decided. */
export interface Expected {
  at: number;
  outcome: 'runs' | 'caught up' | 'missed' | 'skipped';
  /** What its reason has to say. */
  reason: RegExp;
}

/** A row of an occurrence, as the database gives it. */
export interface OutcomeRow {
  status: string;
  trigger: string;
  reason: string | null;
}

/**
 * What has to become of occurrences of one job that a scheduler sees for the first time, by the letter of
 * docs/reference/schedules.md: each on its own, without the scheduler's functions.
 * @param fresh epoch milliseconds, increasing
 * @param now when they are seen
 * @param before the runs of the job that were not over then
 */
export function expectedOutcomes(
  fresh: readonly number[],
  now: number,
  policy: OutcomePolicy,
  before: readonly Pick<RunRecord, 'status'>[],
): Expected[] {
  const isLate = (at: number) => at < now - ON_TIME_MS;
  const isTooOld = (at: number) =>
    policy.misfire_grace_time !== null && at + policy.misfire_grace_time * 1000 < now;
  const newest = fresh.at(-1);
  let onTimeBefore = false;
  return fresh.map((at): Expected => {
    if (isLate(at)) {
      if (policy.catch_up === 'none') return { at, outcome: 'missed', reason: /catch_up: none/ };
      if (isTooOld(at)) return { at, outcome: 'missed', reason: /misfire_grace_time/ };
      if (policy.catch_up === 'latest' && at !== newest)
        return { at, outcome: 'missed', reason: /later occurrence took its place/ };
    }
    const blocked =
      policy.overlap === 'skip'
        ? before.length > 0 || onTimeBefore
        : policy.overlap === 'queue' && (before.some(({ status }) => status === 'queued') || onTimeBefore);
    if (blocked) return { at, outcome: 'skipped', reason: /still running|queued|waits for its retry/ };
    if (isLate(at)) return { at, outcome: 'caught up', reason: /caught up/ };
    onTimeBefore = true;
    return { at, outcome: 'runs', reason: /^/ };
  });
}

/** What became of an occurrence; a run that started may have come to any end since. */
export function outcomeOf({ status, trigger }: OutcomeRow): Expected['outcome'] {
  if (status === 'missed' || status === 'skipped') return status;
  return trigger === 'catch_up' ? 'caught up' : 'runs';
}
