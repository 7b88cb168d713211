import type { JobRecord, JobState } from '../job/record.ts';
import { pruneOccurrences } from '../run/retention.ts';
import { activeRunsOf, enqueueRun, type NewRun } from '../run/run-queue.ts';
import { formatInstant, zoneOffset } from '../schedule/instant.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import {
  type DueOccurrence,
  decideDue,
  type EarlierOccurrences,
  latestOccurrences,
  MAX_CATCH_UP,
  ON_TIME_MS,
} from '../schedule/misfire.ts';
import { decideOverlap } from '../schedule/overlap.ts';
import { startOffsetMs } from '../schedule/spread.ts';
import type { Workspace } from '../workspace.ts';
import { type Downtime, downtimesIn } from './downtime.ts';
import { caughtUpReason, earlierReason, missedReason, pausedReason } from './due-reasons.ts';

export interface DueResult {
  queued: string[];
  /** Runs that have to make way (`overlap: cancel_running`). */
  cancel: string[];
  notes: string[];
}

/** A job with what is due of it. */
interface DueJob {
  record: JobRecord;
  state: JobState;
  now: number;
  /** Those that may be why occurrences are late. */
  downtimes: readonly Downtime[];
  /** The runs that were queued for late occurrences just now. */
  caughtUp: Set<string>;
}

/**
 * Decides every occurrence of a job that is due and not decided yet, in one transaction with its watermark, so that
 * neither a crash nor a clock that goes back decides it again: it becomes a queued run, or a run that is `skipped`
 * or `missed` with the reason.
 * @param at the occurrence that came up, epoch milliseconds
 */
export function decideJobDue(
  workspace: Workspace,
  record: JobRecord,
  state: JobState,
  at: number,
  now: number,
): DueResult {
  const { definition } = record;
  const schedule = JobSchedule.fromDict(definition.schedule);
  const result: DueResult = { queued: [], cancel: [], notes: [] };
  const { occurrences, earlier } =
    now - at <= ON_TIME_MS
      ? { occurrences: [at], earlier: undefined }
      : latestOccurrences(schedule, state.watermark, now, MAX_CATCH_UP);
  const decided = decideDue(
    occurrences.filter((occurrence) => occurrence > state.watermark),
    now,
    definition,
  );
  const oldest = earlier?.first ?? decided[0]?.at ?? at;
  const downtimes = oldest < now - ON_TIME_MS ? downtimesIn(workspace.db, oldest, now) : [];
  const job: DueJob = { record, state, now, downtimes, caughtUp: new Set() };
  workspace.db.transaction(() => {
    if (earlier) recordEarlier(workspace, job, earlier, result);
    for (const occurrence of decided) decideOne(workspace, job, occurrence, result);
    // No run of a paused job ends, after which old rows would be cleared away.
    if (state.pausedAt !== null) pruneOccurrences(workspace.db, record.id, definition.keep_runs);
    const newest = decided.at(-1)?.at ?? at;
    // Other time zone data may one day put the same wall-clock time elsewhere.
    const offset = zoneOffset(newest, definition.schedule.timezone);
    workspace.db.run(
      'UPDATE job_state SET watermark = max(watermark, ?), decided_at = ?, decided_offset = ? WHERE job_id = ?',
      [newest, newest, offset, record.id],
    );
  });
  return result;
}

function decideOne(workspace: Workspace, job: DueJob, occurrence: DueOccurrence, result: DueResult): void {
  const { record, state, now } = job;
  const { definition } = record;
  const over = (status: 'skipped' | 'missed', reason: string) =>
    enqueueRun(workspace.db, { ...newRun(workspace, job, occurrence.at), status, reason }, now);
  if (state.pausedAt !== null && occurrence.at > state.pausedAt) {
    over('skipped', pausedReason(record, state.pausedAt));
    return;
  }
  if (occurrence.action === 'missed') {
    over('missed', missedReason(occurrence, definition, job.downtimes));
    return;
  }
  if (state.pausedAt !== null) {
    over('skipped', pausedReason(record, state.pausedAt));
    return;
  }
  const caughtUp = occurrence.action === 'catch_up';
  // What is caught up together waits for each other, and the next occurrence for all of it: none pushes another out.
  const active = activeRunsOf(workspace.db, record.id).filter(({ runId }) => !job.caughtUp.has(runId));
  const decision = decideOverlap(definition.overlap, active);
  if (decision.action === 'skip') {
    over('skipped', decision.reason);
    return;
  }
  const run = enqueueRun(
    workspace.db,
    {
      ...newRun(workspace, job, occurrence.at),
      ...(caughtUp && {
        trigger: 'catch_up',
        reason: caughtUpReason(occurrence.at, definition, job.downtimes),
      }),
      status: 'queued',
      notBefore: Math.max(now, occurrence.at + startOffsetMs(record.id, definition, Math.random())),
    },
    now,
  );
  if (!run) {
    const instant = formatInstant(occurrence.at, definition.schedule.timezone);
    result.notes.push(`job ${record.id}: occurrence ${instant} has a run already`);
    return;
  }
  result.queued.push(run.runId);
  if (caughtUp) job.caughtUp.add(run.runId);
  if (decision.action === 'cancel_and_start')
    result.cancel.push(...decision.cancel.filter((runId) => !result.cancel.includes(runId)));
}

/** One row stands for all occurrences that are too many to be recorded one by one: nothing is lost silently. */
function recordEarlier(
  workspace: Workspace,
  job: DueJob,
  earlier: EarlierOccurrences,
  result: DueResult,
): void {
  const { record, now } = job;
  const reason = earlierReason(earlier, record.definition, job.downtimes);
  enqueueRun(workspace.db, { ...newRun(workspace, job, earlier.first), status: 'missed', reason }, now);
  result.notes.push(`job ${record.id}: ${reason}`);
}

function newRun(workspace: Workspace, { record }: DueJob, at: number): Omit<NewRun, 'status'> {
  const { definition } = record;
  return {
    jobId: record.id,
    configName: definition.config_name,
    trigger: 'schedule',
    scheduledFor: at,
    timezone: definition.schedule.timezone,
    maxAttempts: definition.max_retries + 1,
    priority: definition.priority,
    overlap: definition.overlap,
    host: workspace.configs.hostOf(definition.config_name),
    requestedBy: 'scheduler',
  };
}
