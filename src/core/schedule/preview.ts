import { DAY_MS } from '../lib/clock.ts';
import { formatDay, formatInstant, wallClock, wallMs, zoneOffset } from './engine/instant.ts';
import { nextWallTime, toRecurrence } from './engine/occurrence.ts';
import { findOffsetTransitions, type OffsetTransition } from './engine/zone-offsets.ts';
import type { JobSchedule } from './job-schedule.ts';
import type { ScheduleDict } from './rule.ts';
import { describeStartDelay, type StartDelay } from './start-delay.ts';

/** A note names at most this many times; a longer list ends with `…`. */
const MAX_NAMED_TIMES = 3;

/** Explains where and why an occurrence differs from the schedule's description. */
export interface PreviewNote {
  /**
   * The occurrence that the note is about. For `skipped` it is the second pass, in which nothing runs, or the moment at
   * which clocks skip the named times. Another run may start at that moment.
   */
  at: Date;
  kind: 'shifted' | 'skipped' | 'doubled' | 'clamped' | 'staggered';
  text: string;
}

export interface SchedulePreview {
  description: string;
  timezone: string;
  next_runs: Date[];
  /** In order of `at`. */
  notes: PreviewNote[];
}

/**
 * Returns the next `count` (default 5) occurrences strictly after `from` (default now), with notes. A note marks each
 * occurrence that a clock change shifts, skips or repeats, and each that a short month moves to its last day. The runs
 * of a job with a `spread` all start later by the same fixed offset, so one note at the first run says so.
 *
 * @throws QuickscrapeError `invalid_params` when `count` or `from` is out of range
 */
export function previewSchedule(
  schedule: JobSchedule,
  {
    count = 5,
    from = new Date(),
    startDelay,
  }: { count?: number | undefined; from?: Date | undefined; startDelay?: StartDelay | undefined } = {},
): SchedulePreview {
  const runs = schedule.getNextRunTimes(count, from);
  const rule = schedule.toDict();
  const notes = [
    ...describeStaggered(startDelay, runs),
    ...describeTransitions(rule, from.getTime(), runs),
    ...describeClamped(rule, runs),
  ];
  notes.sort((a, b) => a.at.getTime() - b.at.getTime());
  return { description: schedule.describe(), timezone: rule.timezone, next_runs: runs, notes };
}

function describeStaggered(startDelay: StartDelay | undefined, runs: readonly Date[]): PreviewNote[] {
  const [at] = runs;
  const text = startDelay && describeStartDelay(startDelay);
  return at === undefined || text === undefined ? [] : [{ at, kind: 'staggered', text: `each run ${text}` }];
}

function describeTransitions(rule: ScheduleDict, from: number, runs: readonly Date[]): PreviewNote[] {
  const first = runs[0]?.getTime();
  const last = runs.at(-1)?.getTime();
  if (first === undefined || last === undefined) return [];
  const fixed = toRecurrence(rule)?.fixed ?? true;
  // A repeated hour that began just before `from`, or begins just after the last run, affects these runs too.
  const start = Math.max(from, first - 366 * DAY_MS) - DAY_MS;
  return findOffsetTransitions(start, last + DAY_MS, rule.timezone, zoneOffset).flatMap((change) => {
    if (change.after > change.before) {
      return change.at > from && change.at <= last ? describeGap(rule, change, fixed) : [];
    }
    return fixed ? describeRepeatedOnce(change, runs) : describeRepeated(rule, change, runs);
  });
}

function describeGap(rule: ScheduleDict, change: OffsetTransition, fixed: boolean): PreviewNote[] {
  const start = change.at + change.before;
  const end = change.at + change.after;
  const times = firstWallTimesBetween(rule, start, end);
  if (times.length === 0) return [];
  const why = `${formatTimes(times)} ${times.length > 1 ? 'do' : 'does'} not exist on ${formatDay(start)} (${describeTransition(change)})`;
  const at = new Date(change.at);
  return fixed
    ? [{ at, kind: 'shifted', text: `${why}: runs at ${formatTimeOfDay(end)}` }]
    : [{ at, kind: 'skipped', text: `${why}: no run` }];
}

/** Fixed times in a repeated hour run in its first pass; the note is placed at the second. */
function describeRepeatedOnce(change: OffsetTransition, runs: readonly Date[]): PreviewNote[] {
  const length = change.before - change.after;
  return runs
    .filter((run) => run.getTime() >= change.at - length && run.getTime() < change.at)
    .map((run) => {
      const wall = run.getTime() + change.before;
      const text = `${formatTimeOfDay(wall)} comes twice on ${formatDay(wall)} (${describeTransition(change)}): runs the first time only`;
      return { at: new Date(run.getTime() + length), kind: 'skipped', text };
    });
}

function describeRepeated(
  rule: ScheduleDict,
  change: OffsetTransition,
  runs: readonly Date[],
): PreviewNote[] {
  const end = change.at + change.before - change.after;
  return runs
    .filter((run) => run.getTime() >= change.at && run.getTime() < end)
    .map((run) => {
      const wall = run.getTime() + change.after;
      const first = formatInstant(wall - change.before, rule.timezone);
      const text = `${formatTimeOfDay(wall)} comes twice on ${formatDay(wall)} (${describeTransition(change)}): also runs at ${first}`;
      return { at: run, kind: 'doubled', text };
    });
}

function describeClamped(rule: ScheduleDict, runs: readonly Date[]): PreviewNote[] {
  if (rule.type !== 'monthly' || rule.day_of_month <= 28) return [];
  return runs
    .filter((run) => wallClock(run, rule.timezone).day < rule.day_of_month)
    .map((run) => {
      const date = formatDay(wallMs(run.getTime(), rule.timezone));
      const text = `${date.slice(0, 7)} has no day ${rule.day_of_month}: runs on its last day, ${date}`;
      return { at: run, kind: 'clamped', text };
    });
}

/**
 * Returns the first calendar times from `low` to before `high` as wall-clock ms, one more than {@link formatTimes}
 * names.
 */
function firstWallTimesBetween(rule: ScheduleDict, low: number, high: number): number[] {
  const walls: number[] = [];
  let wall = nextWallTime(rule, low - 1000);
  while (wall !== null && wall < high && walls.length <= MAX_NAMED_TIMES) {
    walls.push(wall);
    wall = nextWallTime(rule, wall);
  }
  return walls;
}

function formatTimes(walls: readonly number[]): string {
  const names = walls.slice(0, MAX_NAMED_TIMES).map(formatTimeOfDay);
  return walls.length > MAX_NAMED_TIMES ? `${names.join(', ')} …` : names.join(', ');
}

function describeTransition({ at, before, after }: OffsetTransition): string {
  return `clocks go from ${formatTimeOfDay(at + before)} to ${formatTimeOfDay(at + after)}`;
}

/** Formats a wall-clock time read as UTC: `09:00`, with seconds only when they are not zero. */
function formatTimeOfDay(wall: number): string {
  const text = new Date(wall).toISOString().slice(11, 19);
  return text.endsWith(':00') ? text.slice(0, 5) : text;
}
