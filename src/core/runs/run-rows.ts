import { parseCallbacks } from '../model/callbacks.ts';
import { readChecks } from '../model/check.ts';
import { readDifferences } from '../model/differences.ts';
import { parseParams } from '../model/params.ts';
import type { AttemptRecord, RunProcess, RunRecord, StoredStatus, Trigger } from '../model/run-record.ts';

/** A row of `runs`, as SQLite returns it. */
export interface RunRow {
  run_id: string;
  job_id: string;
  config_name: string;
  trigger: string;
  retry_of: string | null;
  requested_by: string;
  scheduled_for: number | null;
  timezone: string;
  status: string;
  reason: string | null;
  attempt: number;
  max_attempts: number;
  priority: number;
  overlap: string;
  host: string | null;
  queued_at: number;
  not_before: number;
  started_at: number | null;
  finished_at: number | null;
  items: number;
  pages: number;
  bytes: number;
  total_pages: number | null;
  output_path: string | null;
  output_format: string | null;
  error_kind: string | null;
  error_message: string | null;
  checks: string;
  changes: string | null;
  start_token: string | null;
  start_deadline: number | null;
  void_starts: number;
  pid: number | null;
  pid_start: string | null;
  boot_id: string | null;
  home: string | null;
  deadline: number | null;
  cancel_requested_at: number | null;
  cancel_requested_by: string | null;
  callback: string | null;
  callbacks: string | null;
  failures_before: number | null;
  pool: string;
  worker: string | null;
  given_params: string | null;
  params: string | null;
}

export interface AttemptRow {
  attempt: number;
  status: string;
  pid: number | null;
  started_at: number;
  finished_at: number | null;
  items: number;
  pages: number;
  bytes: number;
  error_kind: string | null;
  error_message: string | null;
  worker: string | null;
}

/** The only place that converts a row of `runs` to a record. */
export function toRunRecord(row: RunRow): RunRecord {
  return {
    runId: row.run_id,
    jobId: row.job_id,
    configName: row.config_name,
    trigger: row.trigger as Trigger,
    retryOf: row.retry_of,
    requestedBy: row.requested_by,
    scheduledFor: row.scheduled_for,
    timezone: row.timezone,
    status: row.status as StoredStatus,
    reason: row.reason,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    priority: row.priority,
    overlap: row.overlap,
    host: row.host,
    queuedAt: row.queued_at,
    notBefore: row.not_before,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    items: row.items,
    pages: row.pages,
    bytes: row.bytes,
    totalPages: row.total_pages,
    outputPath: row.output_path,
    outputFormat: row.output_format,
    error: toError(row),
    checks: readChecks(row.checks),
    changes: readDifferences(row.changes),
    startToken: row.start_token,
    startDeadline: row.start_deadline,
    voidStarts: row.void_starts,
    process: toProcess(row),
    deadline: row.deadline,
    cancelRequestedAt: row.cancel_requested_at,
    cancelRequestedBy: row.cancel_requested_by,
    callback: row.callback,
    callbacks: parseCallbacks(row.callbacks),
    failuresBefore: row.failures_before,
    pool: row.pool,
    worker: row.worker,
    givenParams: parseParams(row.given_params),
    params: parseParams(row.params),
  };
}

export function toAttemptRecord(row: AttemptRow): AttemptRecord {
  return {
    attempt: row.attempt,
    status: row.status as AttemptRecord['status'],
    pid: row.pid,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    items: row.items,
    pages: row.pages,
    bytes: row.bytes,
    error: toError(row),
    worker: row.worker,
  };
}

function toProcess(row: RunRow): RunProcess | null {
  if (row.pid === null) return null;
  const identity = { pid: row.pid, start: row.pid_start ?? '', bootId: row.boot_id ?? '' };
  return row.home === null ? identity : { ...identity, home: row.home };
}

function toError(row: { error_kind: string | null; error_message: string | null }): RunRecord['error'] {
  return row.error_kind === null ? null : { kind: row.error_kind, message: row.error_message ?? '' };
}
