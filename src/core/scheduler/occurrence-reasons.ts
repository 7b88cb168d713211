import { formatCommandHint } from '../lib/hints.ts';
import type { JobDefinition } from '../model/definition.ts';
import type { JobRecord } from '../model/job-record.ts';
import { describeFailures } from '../model/streak.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import {
  describeMisfirePolicy,
  type EarlierOccurrences,
  MAX_CATCH_UP,
  type MissedOccurrence,
} from '../schedule/misfire.ts';
import { type Downtime, describeNotStarted } from './downtime.ts';

type Policy = Pick<JobDefinition, 'catch_up' | 'misfire_grace_time' | 'schedule'>;

/**
 * Describes why an occurrence was missed: what prevented its start, and which policy of the job prevents starting it
 * now.
 */
export function describeMissedReason(
  { at, because }: Pick<MissedOccurrence, 'at' | 'because'>,
  policy: Policy,
  downtimes: readonly Downtime[],
): string {
  return `${describeNotStarted(at, downtimes, policy.schedule.timezone)}; ${describeMisfirePolicy(because, policy)}`;
}

/** Describes why a run starts late. */
export function describeCatchUpReason(at: number, policy: Policy, downtimes: readonly Downtime[]): string {
  const { timezone } = policy.schedule;
  const why = describeNotStarted(at, downtimes, timezone);
  return `for ${formatInstant(at, timezone)}: ${why}; caught up (catch_up: ${policy.catch_up})`;
}

/** Describes the one row that represents occurrences which are too many to be recorded one by one. */
export function describeEarlierReason(
  { first, last, count, atLeast }: EarlierOccurrences,
  policy: Policy,
  downtimes: readonly Downtime[],
): string {
  const { timezone } = policy.schedule;
  const why = describeNotStarted(first, downtimes, timezone);
  const which = describeRepresented({ first, last, count, atLeast }, timezone);
  return `${which}: ${why}; only the newest ${MAX_CATCH_UP} are decided one by one`;
}

/**
 * Describes the one row that represents the occurrences during which the job's file was missing; instants in epoch ms.
 */
export function describeMissingFileReason(
  passed: EarlierOccurrences,
  { since, until }: { since: number; until: number },
  timezone: string,
): string {
  const span = `from ${formatInstant(since, timezone)} to ${formatInstant(until, timezone)}`;
  return `${describeRepresented(passed, timezone)}: the job file was missing ${span}; occurrences from before its return are not caught up`;
}

function describeRepresented({ first, last, count, atLeast }: EarlierOccurrences, timezone: string): string {
  const number = `${atLeast ? 'more than ' : ''}${count.toLocaleString('en-US')}`;
  const span = `from ${formatInstant(first, timezone)} to ${formatInstant(last, timezone)}`;
  return count === 1 && !atLeast ? `represents one occurrence` : `represents ${number} occurrences ${span}`;
}

/** Describes why an occurrence is skipped while its job is paused after failures. */
export function describePausedReason({ id, definition }: JobRecord, pausedAt: number): string {
  const since = formatInstant(pausedAt, definition.schedule.timezone);
  const failures = describeFailures(definition.pause_after_failures);
  return `paused since ${since} after ${failures}; ${formatCommandHint({ id: 'resume_job', job: id })}`;
}
