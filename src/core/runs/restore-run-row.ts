import type { QuickscrapeDatabase } from '../database/database.ts';
import { DATABASE_LOST } from '../database/recovery/data-loss.ts';
import { serializeCallbacks } from '../model/callbacks.ts';
import { canonicalParams } from '../model/params.ts';
import { isActive, type RunRecord } from '../model/run-record.ts';
import { readRun, setJobStatus } from './run-queue.ts';

/**
 * Restores the row of a run that is running in this process, or on another machine that this process hears, after the
 * database was lost. The row may be gone, or may be as it was before the run was claimed. Without it, the outcome could
 * not be recorded.
 * @param run as it was when it was claimed
 * @returns whether a row was restored
 */
export function restoreRunRow(db: QuickscrapeDatabase, run: RunRecord): boolean {
  // Nearly always, there is nothing to write.
  const before = readRun(db, run.runId);
  if (before && !isOlder(before, run) && !lacksCallbacks(before, run)) return false;
  return db.transaction(() => {
    const row = readRun(db, run.runId);
    if (row && !isOlder(row, run)) {
      if (lacksCallbacks(row, run))
        db.run('UPDATE runs SET callbacks = ? WHERE run_id = ?', [callbacksColumn(run), run.runId]);
      return false;
    }
    if (row) updateRow(db, run);
    else if (!insertRow(db, run)) return false;
    db.run(
      `INSERT OR REPLACE INTO attempts (run_id, attempt, status, pid, started_at, worker) VALUES (?, ?, 'running', ?, ?, ?)`,
      [run.runId, run.attempt, run.process?.pid ?? null, run.startedAt ?? run.queuedAt, run.worker || null],
    );
    setJobStatus(db, run.jobId, 'running');
    db.run('UPDATE job_state SET last_run = ?, last_run_id = ? WHERE job_id = ?', [
      run.startedAt,
      run.runId,
      run.jobId,
    ]);
    db.journal.note(run.runId);
    return true;
  });
}

/** A row that was restored from the journal of starts lacks the callbacks of the run. */
function lacksCallbacks(row: RunRecord, run: RunRecord): boolean {
  return !row.callbacks && Boolean(run.callbacks) && isActive(row.status);
}

/** Attempts only ever increase, so a row with fewer attempts is older. */
function isOlder(row: RunRecord, run: RunRecord): boolean {
  return row.attempt < run.attempt && (isActive(row.status) || row.error?.kind === DATABASE_LOST);
}

function updateRow(db: QuickscrapeDatabase, run: RunRecord): void {
  db.run(
    `UPDATE runs SET status = 'running', attempt = ?, started_at = ?, finished_at = NULL, start_token = ?,
       start_deadline = NULL, pid = ?, pid_start = ?, boot_id = ?, worker = ?, deadline = ?, error_kind = NULL,
       error_message = NULL, callbacks = coalesce(?, callbacks)
     WHERE run_id = ?`,
    [
      run.attempt,
      run.startedAt,
      run.startToken,
      ...processColumns(run),
      run.worker,
      run.deadline,
      callbacksColumn(run),
      run.runId,
    ],
  );
}

function insertRow(db: QuickscrapeDatabase, run: RunRecord): boolean {
  // The process that found the database lost recorded `missed`, because it could not know that this occurrence had
  // started.
  db.run(`DELETE FROM runs WHERE job_id = ? AND scheduled_for = ? AND status = 'missed'`, [
    run.jobId,
    run.scheduledFor,
  ]);
  const { changes } = db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, retry_of, requested_by, scheduled_for, timezone, status,
       attempt, max_attempts, priority, overlap, host, queued_at, not_before, started_at, start_token, pid, pid_start,
       boot_id, deadline, callbacks, pool, worker, given_params, params)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [
      run.runId,
      run.jobId,
      run.configName,
      run.trigger,
      run.retryOf,
      run.requestedBy,
      run.scheduledFor,
      run.timezone,
      run.attempt,
      run.maxAttempts,
      run.priority,
      run.overlap,
      run.host,
      run.queuedAt,
      run.notBefore,
      run.startedAt,
      run.startToken,
      ...processColumns(run),
      run.deadline,
      callbacksColumn(run),
      run.pool,
      run.worker,
      canonicalParams(run.givenParams),
      canonicalParams(run.params),
    ],
  );
  return changes === 1;
}

function processColumns({ process }: RunRecord): [number | null, string | null, string | null] {
  return [process?.pid ?? null, process?.start ?? null, process?.bootId ?? null];
}

function callbacksColumn({ callbacks }: RunRecord): string | null {
  return callbacks && serializeCallbacks(callbacks);
}
