import { MINUTE_MS } from '../lib/clock.ts';
import { type FormatHint, formatCommandHint } from '../lib/hints.ts';
import { pluralize } from '../lib/text.ts';
import { describeRunError } from '../model/describe-error-kind.ts';
import type { RunRecord } from '../model/run-record.ts';
import { describeFailures } from '../model/streak.ts';
import { describeCanceller } from '../runs/run-transitions.ts';
import { formatInstant } from '../schedule/engine/instant.ts';

/** All facts that decide whether a job runs; instants in epoch milliseconds. */
export interface JobFacts {
  jobId: string;
  timezone: string;
  now: number;
  enabled: boolean;
  /** Set while it is paused after failures: the instant of the pause, and the number of failures in a row. */
  paused: { at: number; failures: number } | null;
  /** `stopping` after a stop request; `seenAt` is when a scheduler was last running. */
  scheduler: { state: 'running' | 'stopping' | 'off'; seenAt: number | undefined };
  /** Why the clock prevents all jobs from being due, as text. */
  clock: string | undefined;
  /** Why the disk prevents new runs, as text. */
  disk: string | undefined;
  /** The next undecided occurrence after now; `null` when there is none. */
  next: number | null;
  /** The first and last undecided occurrences in the past: no scheduler was running, or it has only just started. */
  overdue: { first: number; last: number } | null;
  catchUp: 'latest' | 'all' | 'none';
  /** `misfire_grace_time`: seconds, `null` for no limit. */
  graceTime: number | null;
  /** The instant up to which occurrences are decided. */
  decidedUntil: number;
  /** How much later than its occurrence a run starts, as text. */
  startsLater: string | undefined;
  /** Its active runs, each with what it waits for, as text. */
  active: readonly { run: RunRecord; waitsFor: string | undefined }[];
  /** The runs of its last occurrences, the latest first. */
  occurrences: readonly RunRecord[];
  /** The name of its configuration if that does not exist. */
  missingConfig: string | undefined;
  /** Known problems with its schedule. */
  warnings: readonly string[];
}

export interface JobExplanation {
  /** What happens next and when, or why nothing will. */
  summary: string;
  /** Further reasons, and the outcomes of the last occurrences. */
  reasons: string[];
}

/** Occurrences that are decided further ahead than this show that the clock was wrong; in milliseconds. */
const MAX_CLOCK_AHEAD_MS = MINUTE_MS;

/** Explains when and why a job runs next, or why it does not, and the outcomes of its last occurrences. */
export function explainJob(facts: JobFacts, formatHint: FormatHint = formatCommandHint): JobExplanation {
  const [summary = '', ...reasons] = [
    ...facts.active.map(describeActiveRun),
    describeNext(facts, formatHint),
    ...describeMissingConfig(facts, formatHint),
    ...describeClock(facts),
    ...describeOverdue(facts),
    ...explainPast(facts),
    ...facts.warnings,
  ];
  return { summary, reasons };
}

/** Describes the outcomes of a job's last occurrences. */
export function explainPast(facts: Pick<JobFacts, 'active' | 'occurrences'>): string[] {
  return [...describeLast(facts), ...describeSkipped(facts.occurrences)];
}

function describeActiveRun({ run, waitsFor }: JobFacts['active'][number]): string {
  const attempt = run.maxAttempts > 1 ? ` (attempt ${Math.max(1, run.attempt)} of ${run.maxAttempts})` : '';
  if (run.status === 'running') {
    const since = run.startedAt === null ? '' : ` since ${formatInstant(run.startedAt, run.timezone)}`;
    const ending = run.cancelRequestedAt === null ? '' : ', and being cancelled';
    return `Running${since}: run ${run.runId}${attempt}${ending}.`;
  }
  if (run.status === 'starting') return `Starting: run ${run.runId}.`;
  return run.status === 'waiting_retry'
    ? `Run ${run.runId} failed and is tried again: ${waitsFor ?? 'it waits for its retry'}.`
    : `Run ${run.runId} is queued: ${waitsFor ?? 'it is about to start'}.`;
}

/**
 * Describes what happens next by the schedule. It reports only the first obstacle; the owner's decisions come first.
 */
function describeNext(
  { jobId, timezone, enabled, paused, next, overdue, scheduler, clock, disk, startsLater }: JobFacts,
  formatHint: FormatHint,
): string {
  if (!enabled)
    return `It does not run by itself: it is disabled (${formatHint({ id: 'enable_job', job: jobId })}).`;
  if (paused) {
    const failures = describeFailures(paused.failures);
    const since = formatInstant(paused.at, timezone);
    return `It does not run by itself: paused since ${since} after ${failures} (${formatHint({ id: 'resume_job', job: jobId })}).`;
  }
  if (clock !== undefined) return `It does not run by itself: ${clock}.`;
  if (next === null && overdue === null)
    return 'It does not run by itself: its schedule has no further occurrence.';
  const at = next === null ? undefined : formatInstant(next, timezone);
  if (scheduler.state !== 'running') {
    const seen =
      scheduler.state === 'stopping'
        ? 'the scheduler is stopping'
        : scheduler.seenAt === undefined
          ? 'no scheduler has run on this home yet'
          : `no scheduler is running, since ${formatInstant(scheduler.seenAt, timezone)}`;
    const due =
      at === undefined ? 'Its schedule has no further occurrence after now' : `It would be due at ${at}`;
    return `It does not run by itself: ${seen} (${formatHint({ id: 'start_scheduler' })}). ${due}.`;
  }
  if (disk !== undefined)
    return `No run starts for lack of disk space: ${disk}.${at === undefined ? '' : ` It is due at ${at}.`}`;
  if (at === undefined) return 'Its schedule has no further occurrence after now.';
  return `Due next at ${at}${startsLater === undefined ? '' : `; its run ${startsLater}`}.`;
}

function describeMissingConfig({ missingConfig, jobId }: JobFacts, formatHint: FormatHint): string[] {
  if (missingConfig === undefined) return [];
  return [
    `Its configuration "${missingConfig}" does not exist, so its runs fail: write configs/${missingConfig}.yaml, or ${formatHint({ id: 'change_config', job: jobId })}.`,
  ];
}

function describeClock({ decidedUntil, now, timezone }: JobFacts): string[] {
  if (decidedUntil <= now + MAX_CLOCK_AHEAD_MS) return [];
  const until = formatInstant(decidedUntil, timezone);
  return [`Occurrences until ${until} were decided by a clock that was ahead; none of them is repeated.`];
}

function describeOverdue({ overdue, enabled, paused, ...facts }: JobFacts): string[] {
  if (overdue === null || !enabled || paused) return [];
  const first = formatInstant(overdue.first, facts.timezone);
  const catchUp = describeCatchUp(overdue.last, facts);
  return [
    facts.scheduler.state === 'running'
      ? `Its occurrence of ${first} passed, and the scheduler is about to decide about it: ${catchUp}.`
      : `Its occurrence of ${first} passed with no scheduler; ${catchUp}.`,
  ];
}

/** Describes what a scheduler that starts now would do with the past occurrences, or one that has just started. */
function describeCatchUp(
  last: number,
  { catchUp, graceTime, now, scheduler }: Pick<JobFacts, 'catchUp' | 'graceTime' | 'now' | 'scheduler'>,
): string {
  if (graceTime !== null && catchUp !== 'none' && now - last > graceTime * 1000)
    return `it is too late to be caught up (misfire_grace_time: ${graceTime} s)`;
  const what = {
    latest: 'the latest missed one is caught up',
    all: `${graceTime === null ? 'all missed ones' : `those of the last ${graceTime} s`} are caught up`,
    none: 'missed ones are not caught up',
  }[catchUp];
  return `${scheduler.state === 'running' ? '' : 'when one starts, '}${what} (catch_up: ${catchUp})`;
}

function describeLast({ occurrences, active }: Pick<JobFacts, 'active' | 'occurrences'>): string[] {
  const [last] = occurrences;
  if (last === undefined || active.some(({ run }) => run.runId === last.runId)) return [];
  const at = last.scheduledFor === null ? '' : `, ${formatInstant(last.scheduledFor, last.timezone)},`;
  return [`The last occurrence${at} ${describeOutcome(last)}.`];
}

function describeOutcome(run: RunRecord): string {
  const error = run.error === null ? '' : `: ${describeRunError(run.error)}`;
  const attempts = run.maxAttempts > 1 ? `, attempt ${run.attempt} of ${run.maxAttempts}` : '';
  const late = run.trigger === 'catch_up' ? ' when it was caught up' : '';
  switch (run.status) {
    case 'succeeded':
      return `succeeded${late}: run ${run.runId}, ${pluralize(run.items, 'item')}`;
    case 'skipped':
    case 'missed':
      return `was ${run.status}${run.reason === null ? '' : `: ${run.reason}`}`;
    case 'cancelled':
      return `was cancelled${run.cancelRequestedBy === null ? '' : ` ${describeCanceller(run.cancelRequestedBy)}`}: run ${run.runId}`;
    case 'failed':
    case 'timed_out':
    case 'abandoned': {
      const how = { failed: 'failed', timed_out: 'timed out', abandoned: 'was abandoned' }[run.status];
      return `${how}${late} (run ${run.runId}${attempts})${error}`;
    }
    default:
      return `has run ${run.runId}, which has not finished`;
  }
}

function describeSkipped(occurrences: readonly RunRecord[]): string[] {
  const counts = (['skipped', 'missed'] as const)
    .map((status) => ({ status, count: occurrences.filter((run) => run.status === status).length }))
    .filter(({ count }) => count > 0);
  const [first] = counts;
  if (first === undefined || occurrences.length < 2) return [];
  const words = counts.map(({ status, count }) => `${count} ${status}`).join(' and ');
  const were = first.count === 1 ? 'was' : 'were';
  return [`Of its last ${occurrences.length} occurrences, ${words.replace(' ', ` ${were} `)}.`];
}
