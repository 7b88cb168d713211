import type { Check } from '../model/check.ts';
import type { RunDifferences } from '../model/differences.ts';
import type { ParamValues } from '../model/params.ts';
import { type AttemptRecord, type RunRecord, type RunStatus, toRunStatus } from '../model/run-record.ts';
import { formatInstant } from '../schedule/engine/instant.ts';

/** A run as every interface returns it; instants are RFC 3339 in the job's time zone. */
export interface RunDict {
  run_id: string;
  job_id: string;
  config_name: string;
  trigger: string;
  retry_of: string | null;
  scheduled_for: string | null;
  status: RunStatus;
  reason: string | null;
  attempt: number;
  max_attempts: number;
  /** The worker on another machine that executes or has executed it; `null` for this machine. */
  worker: string | null;
  queued_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** When the waiting retry is due. */
  retry_at: string | null;
  duration_ms: number | null;
  items: number;
  pages: number;
  bytes: number;
  /** From 0 to 1; `null` while the number of pages is not known. */
  progress: number | null;
  output_path: string | null;
  output_format: string | null;
  error: { kind: string; message: string } | null;
  checks: Check[];
  /** How its items differ from those of the previous good run. */
  changes: RunDifferences | null;
  /** The values of its parameters; absent where its configuration declares none. */
  params?: ParamValues;
}

/** @param now epoch milliseconds, for the duration of an active run */
export function toRunDict(run: RunRecord, now: number): RunDict {
  const instant = (at: number | null) => (at === null ? null : formatInstant(at, run.timezone));
  // Before its start, those that were given for it.
  const params = run.params ?? run.givenParams;
  return {
    run_id: run.runId,
    job_id: run.jobId,
    config_name: run.configName,
    trigger: run.trigger,
    retry_of: run.retryOf,
    scheduled_for: instant(run.scheduledFor),
    status: toRunStatus(run.status),
    reason: run.reason,
    attempt: run.attempt,
    max_attempts: run.maxAttempts,
    worker: run.worker || null,
    queued_at: formatInstant(run.queuedAt, run.timezone),
    started_at: instant(run.startedAt),
    finished_at: instant(run.finishedAt),
    retry_at: run.status === 'waiting_retry' ? instant(run.notBefore) : null,
    duration_ms: run.startedAt === null ? null : Math.max(0, (run.finishedAt ?? now) - run.startedAt),
    items: run.items,
    pages: run.pages,
    bytes: run.bytes,
    progress: progressOf(run),
    output_path: run.outputPath,
    output_format: run.outputFormat,
    error: run.error,
    checks: run.checks,
    changes: run.changes,
    ...(params && { params }),
  };
}

export interface AttemptDict {
  attempt: number;
  status: string;
  pid: number | null;
  /** The worker on another machine that executed it; `null` for this machine. */
  worker: string | null;
  started_at: string;
  finished_at: string | null;
  duration_ms: number;
  items: number;
  pages: number;
  bytes: number;
  error: { kind: string; message: string } | null;
}

export function toAttemptDict(attempt: AttemptRecord, timezone: string, now: number): AttemptDict {
  return {
    attempt: attempt.attempt,
    status: attempt.status,
    pid: attempt.pid,
    worker: attempt.worker,
    started_at: formatInstant(attempt.startedAt, timezone),
    finished_at: attempt.finishedAt === null ? null : formatInstant(attempt.finishedAt, timezone),
    duration_ms: Math.max(0, (attempt.finishedAt ?? now) - attempt.startedAt),
    items: attempt.items,
    pages: attempt.pages,
    bytes: attempt.bytes,
    error: attempt.error,
  };
}

function progressOf(run: RunRecord): number | null {
  if (run.status === 'succeeded') return 1;
  return run.totalPages === null || run.totalPages <= 0 ? null : Math.min(1, run.pages / run.totalPages);
}
