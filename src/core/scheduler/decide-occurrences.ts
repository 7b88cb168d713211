import { missedMessages } from '../execution/outcome-messages.ts';
import { pruneOccurrences } from '../execution/retention.ts';
import { insertMessages } from '../messages/message-store.ts';
import type { JobRecord, JobState } from '../model/job-record.ts';
import { toJobStatus } from '../model/run-record.ts';
import { toPool } from '../model/worker-names.ts';
import { deriveJobStatus, insertRun, listActiveRunsByJob, type NewRun } from '../runs/run-queue.ts';
import { formatInstant, zoneOffset } from '../schedule/engine/instant.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import {
  applyMisfirePolicy,
  type DueOccurrence,
  type EarlierOccurrences,
  latestOccurrences,
  MAX_CATCH_UP,
  ON_TIME_MS,
} from '../schedule/misfire.ts';
import { type ActiveRun, decideOverlap } from '../schedule/overlap.ts';
import { startDelayMs } from '../schedule/start-delay.ts';
import type { Workspace } from '../workspace.ts';
import { type Downtime, findDowntimes } from './downtime.ts';
import {
  describeCatchUpReason,
  describeEarlierReason,
  describeMissedReason,
  describePausedReason,
} from './occurrence-reasons.ts';

interface OccurrenceDecisions {
  queued: string[];
  /** Runs to cancel so that others can start (`overlap: cancel_running`). */
  cancel: string[];
  notes: string[];
}

/** State shared by the jobs that are decided together. */
interface Tick {
  workspace: Workspace;
  hostOf: (config: string) => string | null;
  now: number;
  result: OccurrenceDecisions;
}

/** A job during its decision. */
interface JobDecision extends Tick {
  record: JobRecord;
  state: JobState;
  /** Downtimes that may explain why occurrences are late. */
  downtimes: readonly Downtime[];
  /** The job's active runs, including those that this decision queues. */
  active: ActiveRun[];
  /** Runs that this decision has queued for late occurrences. */
  caughtUp: Set<string>;
  /** The missed occurrences that it records. */
  missed: { count: number; first: number; last: number; reason: string } | undefined;
}

/** A job whose occurrence `at` is due, epoch milliseconds. */
export interface DueJob {
  record: JobRecord;
  state: JobState;
  at: number;
}

/**
 * Decides every due and undecided occurrence of some jobs. Each becomes a queued run, or a run that is `skipped` or
 * `missed` with the reason. Runs and `decidedUntil` are written in one transaction, so that neither a crash nor a clock
 * that goes back decides an occurrence twice.
 */
export function decideOccurrences(
  workspace: Workspace,
  jobs: readonly DueJob[],
  now: number,
): OccurrenceDecisions {
  const result: OccurrenceDecisions = { queued: [], cancel: [], notes: [] };
  workspace.db.transaction(() => {
    const active = listActiveRunsByJob(
      workspace.db,
      jobs.map(({ record }) => record.id),
    );
    // Memoized because thousands of jobs may share one configuration.
    const hostOf = memoize((config: string) => workspace.configs.hostOf(config));
    for (const job of jobs)
      decideJob({ workspace, hostOf, now, result }, job, active.get(job.record.id) ?? []);
  });
  return result;
}

function decideJob(tick: Tick, { record, state, at }: DueJob, active: ActiveRun[]): void {
  const { workspace, now, result } = tick;
  const { definition } = record;
  const { occurrences, earlier } =
    now - at <= ON_TIME_MS
      ? { occurrences: [at], earlier: undefined }
      : latestOccurrences(JobSchedule.fromDict(definition.schedule), state.decidedUntil, now, MAX_CATCH_UP);
  const decided = applyMisfirePolicy(
    occurrences.filter((occurrence) => occurrence > state.decidedUntil),
    now,
    definition,
  );
  const oldest = earlier?.first ?? decided[0]?.at ?? at;
  const downtimes = oldest < now - ON_TIME_MS ? findDowntimes(workspace.db, oldest, now) : [];
  const job: JobDecision = {
    ...tick,
    record,
    state,
    downtimes,
    active,
    caughtUp: new Set(),
    missed: undefined,
  };
  const before = result.queued.length;
  if (earlier) recordEarlier(job, earlier);
  for (const occurrence of decided) decideOccurrence(job, occurrence);
  writeMissedMessages(job);
  // The end of a run normally prunes old rows, but no run of a paused job ends.
  if (state.pausedAt !== null) pruneOccurrences(workspace.db, record.id, definition.keep_runs);
  const newest = decided.at(-1)?.at ?? at;
  const status =
    result.queued.length > before ? (deriveJobStatus(active) ?? toJobStatus('queued')) : undefined;
  saveDecidedUntil(workspace, record, newest, status);
}

/** @param status new status of the job; `undefined` leaves it unchanged */
function saveDecidedUntil(
  { db }: Workspace,
  { id, definition }: JobRecord,
  newest: number,
  status: JobState['status'] | undefined,
): void {
  // With other time zone data, the same wall-clock time may be another instant.
  const offset = zoneOffset(newest, definition.schedule.timezone);
  db.run(
    `INSERT INTO job_state (job_id, watermark, decided_at, decided_offset, status) VALUES (?1, ?2, ?2, ?3, coalesce(?4, 'pending'))
     ON CONFLICT (job_id) DO UPDATE SET watermark = max(job_state.watermark, excluded.watermark),
       decided_at = excluded.decided_at, decided_offset = excluded.decided_offset, status = coalesce(?4, job_state.status)`,
    [id, newest, offset, status ?? null],
  );
}

function decideOccurrence(job: JobDecision, occurrence: DueOccurrence): void {
  const { workspace, record, state, now, result } = job;
  const { definition } = record;
  const recordNotRun = (status: 'skipped' | 'missed', reason: string) =>
    insertRun(workspace.db, { ...newRun(job, occurrence.at), status, reason }, now);
  if (state.pausedAt !== null && occurrence.at > state.pausedAt) {
    recordNotRun('skipped', describePausedReason(record, state.pausedAt));
    return;
  }
  if (occurrence.action === 'missed') {
    const reason = describeMissedReason(occurrence, definition, job.downtimes);
    recordNotRun('missed', reason);
    noteMissed(job, { count: 1, first: occurrence.at, last: occurrence.at, reason });
    return;
  }
  if (state.pausedAt !== null) {
    recordNotRun('skipped', describePausedReason(record, state.pausedAt));
    return;
  }
  const caughtUp = occurrence.action === 'catch_up';
  // Caught-up runs wait for each other, and the next occurrence waits for all of them. Without this exception, the
  // overlap policy would let one replace another.
  const active = job.active.filter(({ runId }) => !job.caughtUp.has(runId));
  const decision = decideOverlap(definition.overlap, active);
  if (decision.action === 'skip') {
    recordNotRun('skipped', decision.reason);
    return;
  }
  const runId = insertRun(
    workspace.db,
    {
      ...newRun(job, occurrence.at),
      ...(caughtUp && {
        trigger: 'catch_up',
        reason: describeCatchUpReason(occurrence.at, definition, job.downtimes),
      }),
      status: 'queued',
      notBefore: Math.max(now, occurrence.at + startDelayMs(record.id, definition, Math.random())),
    },
    now,
  );
  if (runId === undefined) {
    const instant = formatInstant(occurrence.at, definition.schedule.timezone);
    result.notes.push(`job ${record.id}: occurrence ${instant} already has a run`);
    return;
  }
  result.queued.push(runId);
  job.active.push({ runId, status: 'queued' });
  if (caughtUp) job.caughtUp.add(runId);
  if (decision.action === 'cancel_and_start')
    result.cancel.push(...decision.cancel.filter((runId) => !result.cancel.includes(runId)));
}

/** Records one row for all occurrences that are too many to be recorded one by one, so that none is lost silently. */
function recordEarlier(job: JobDecision, earlier: EarlierOccurrences): void {
  const { workspace, record, now, result } = job;
  const reason = describeEarlierReason(earlier, record.definition, job.downtimes);
  insertRun(workspace.db, { ...newRun(job, earlier.first), status: 'missed', reason }, now);
  result.notes.push(`job ${record.id}: ${reason}`);
  noteMissed(job, { count: earlier.count, first: earlier.first, last: earlier.last, reason });
}

function noteMissed(job: JobDecision, found: NonNullable<JobDecision['missed']>): void {
  const { count, first } = job.missed ?? { count: 0, first: found.first };
  job.missed = { ...found, count: count + found.count, first };
}

/** One message for all missed occurrences of a job: a week without power is not worth a hundred. */
function writeMissedMessages({ workspace, record, missed, now }: JobDecision): void {
  if (missed === undefined) return;
  const { config_name: configName, schedule, notify } = record.definition;
  const about = { jobId: record.id, configName, timezone: schedule.timezone, ...missed };
  insertMessages(workspace.db, missedMessages(workspace, about, notify, now), now);
}

function newRun({ record, hostOf }: JobDecision, at: number): Omit<NewRun, 'status'> {
  return buildScheduledRun(record, at, hostOf(record.definition.config_name));
}

/** Builds the run of a job's occurrence `at` (epoch ms), without its status. */
export function buildScheduledRun(
  { id, definition }: JobRecord,
  at: number,
  host: string | null,
): Omit<NewRun, 'status'> {
  return {
    jobId: id,
    configName: definition.config_name,
    trigger: 'schedule',
    scheduledFor: at,
    timezone: definition.schedule.timezone,
    maxAttempts: definition.max_retries + 1,
    priority: definition.priority,
    overlap: definition.overlap,
    host,
    pool: toPool(definition.worker),
    requestedBy: 'scheduler',
    callbacks: definition,
  };
}

/** Caches the function's results by argument. */
function memoize<T>(compute: (name: string) => T): (name: string) => T {
  const cache = new Map<string, T>();
  return (name) => {
    if (!cache.has(name)) cache.set(name, compute(name));
    return cache.get(name) as T;
  };
}
