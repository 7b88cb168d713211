import type { JobRecord, JobState } from '../job/record.ts';
import { activeRunOf, enqueueRun, type NewRun } from '../run/run-queue.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import {
  type DueOccurrence,
  decideDue,
  latestOccurrences,
  MAX_CATCH_UP,
  ON_TIME_MS,
} from '../schedule/misfire.ts';
import { decideOverlap } from '../schedule/overlap.ts';
import { startOffsetMs } from '../schedule/spread.ts';
import type { Workspace } from '../workspace.ts';

export interface DueResult {
  queued: string[];
  /** Runs that have to make way (`overlap: cancel_running`). */
  cancel: string[];
  notes: string[];
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
  const { occurrences, more } =
    now - at <= ON_TIME_MS
      ? { occurrences: [at], more: false }
      : latestOccurrences(schedule, state.watermark, now, MAX_CATCH_UP);
  const decided = decideDue(
    occurrences.filter((occurrence) => occurrence > state.watermark),
    now,
    definition,
  );
  workspace.db.transaction(() => {
    for (const occurrence of decided) decideOne(workspace, record, occurrence, now, result);
    workspace.db.run('UPDATE job_state SET watermark = max(watermark, ?) WHERE job_id = ?', [
      decided.at(-1)?.at ?? at,
      record.id,
    ]);
  });
  if (more)
    result.notes.push(
      `job ${record.id}: more than ${MAX_CATCH_UP} occurrences were missed; only the newest are recorded`,
    );
  return result;
}

function decideOne(
  workspace: Workspace,
  record: JobRecord,
  occurrence: DueOccurrence,
  now: number,
  result: DueResult,
): void {
  const base = newRun(workspace, record, occurrence.at);
  if (occurrence.action === 'missed') {
    enqueueRun(
      workspace.db,
      { ...base, trigger: 'schedule', status: 'missed', reason: missedReason(record, occurrence.at, now) },
      now,
    );
    return;
  }
  const trigger = occurrence.action === 'catch_up' ? 'catch_up' : 'schedule';
  // Occurrences that are caught up together wait for each other.
  const together = trigger === 'catch_up' && result.queued.length > 0;
  const active = together ? undefined : activeRunOf(workspace.db, record.id);
  const decision = decideOverlap(
    record.definition.overlap,
    active && {
      runId: active.runId,
      status: active.status as never,
      queued: countQueued(workspace, record.id),
    },
  );
  if (decision.action === 'skip') {
    enqueueRun(workspace.db, { ...base, trigger, status: 'skipped', reason: decision.reason }, now);
    return;
  }
  const notBefore = Math.max(now, occurrence.at + startOffsetMs(record.id, record.definition, Math.random()));
  const run = enqueueRun(workspace.db, { ...base, trigger, status: 'queued', notBefore }, now);
  if (!run) {
    result.notes.push(
      `job ${record.id}: occurrence ${new Date(occurrence.at).toISOString()} has a run already`,
    );
    return;
  }
  result.queued.push(run.runId);
  if (decision.action === 'cancel_and_start') result.cancel.push(decision.cancel);
}

function newRun(workspace: Workspace, record: JobRecord, at: number): Omit<NewRun, 'trigger' | 'status'> {
  const { definition } = record;
  return {
    jobId: record.id,
    configName: definition.config_name,
    scheduledFor: at,
    timezone: definition.schedule.timezone,
    maxAttempts: definition.max_retries + 1,
    priority: definition.priority,
    overlap: definition.overlap,
    host: workspace.configs.hostOf(definition.config_name),
    requestedBy: 'scheduler',
  };
}

function missedReason(record: JobRecord, at: number, now: number): string {
  const late = Math.round((now - at) / 1000);
  const { catch_up: catchUp, misfire_grace_time: grace } = record.definition;
  const policy =
    grace !== null && late > grace
      ? `misfire_grace_time is ${grace} s`
      : catchUp === 'none'
        ? 'catch_up is none'
        : catchUp === 'latest'
          ? 'a later occurrence was run instead (catch_up: latest)'
          : `at most ${MAX_CATCH_UP} occurrences are caught up`;
  return `nothing ran at that time; noticed ${late} s later; ${policy}`;
}

function countQueued(workspace: Workspace, jobId: string): number {
  return (
    workspace.db.get<{ n: number }>(`SELECT count(*) AS n FROM runs WHERE job_id = ? AND status = 'queued'`, [
      jobId,
    ])?.n ?? 0
  );
}
