import type { QuickscrapeDatabase } from '../database/database.ts';
import { type DataLoss, readDataLoss, recordRecoveredJobs } from '../database/recovery/data-loss.ts';
import { type RuntimeCopy, readRuntimeCopy } from '../database/recovery/runtime-copy.ts';
import type { FileStamp } from '../fs/file-stamp.ts';
import type { JobStatus, ValidJob } from '../model/job-record.ts';
import { enqueueRun, findActiveRun } from '../runs/run-queue.ts';
import { stateFromRuns } from '../runs/state-from-runs.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import type { JobFiles } from './job-files.ts';

/**
 * Rebuilds the runtime state of jobs from their files after the database was lost or damaged. No past occurrence is
 * started. The last run in the file counts where it is newer. A past occurrence that the file still lists as next
 * becomes a `missed` run, because it may already have run. Call it within the transaction that records the jobs, after
 * they were recorded.
 * @param files the current job files
 * @returns the ids of the rebuilt jobs; the others were created after the loss
 */
export function recoverStateFromFiles(
  db: QuickscrapeDatabase,
  entries: readonly ValidJob[],
  files: Pick<JobFiles, 'stamp' | 'version'>,
  now: number,
): Set<string> {
  const loss = entries.length > 0 ? readDataLoss(db) : undefined;
  if (!loss) return new Set();
  const ended = entries.filter(({ id }) => applyRunOutcome(db, id));
  const taken = entries.filter((entry) => {
    // A file that is newer than the loss proves nothing: it was written by hand, copied, or just created. The loss is
    // recorded in whole milliseconds.
    const isWitness = (stamp: FileStamp | undefined) =>
      stamp !== undefined && Math.floor(stamp.ctimeMs) <= loss.at;
    // The stamp is checked before the file is read: the first jobs of a new home are all newer than the loss.
    const version = isWitness(files.stamp(entry.id)) ? files.version(entry.id) : undefined;
    if (!version || !isWitness(version.stamp)) return false;
    recoverJob(db, entry, readRuntimeCopy(version.text, now), loss, now);
    return true;
  });
  if (taken.length > 0) recordRecoveredJobs(db, taken.length);
  return new Set([...ended, ...taken].map(({ id }) => id));
}

/**
 * An older database may list a run as running that has finished according to the journal; then the job has its outcome.
 */
function applyRunOutcome(db: QuickscrapeDatabase, id: string): boolean {
  const past = stateFromRuns(db, id);
  if (past === undefined || past.status === 'running') return false;
  const { changes } = db.run(
    `UPDATE job_state SET status = ?, failures = ? WHERE job_id = ? AND last_run_id = ? AND status = 'running'`,
    [past.status, past.failures, id, past.last_run_id],
  );
  return changes === 1;
}

function recoverJob(
  db: QuickscrapeDatabase,
  { id, record }: ValidJob,
  copy: RuntimeCopy,
  loss: DataLoss,
  now: number,
): void {
  db.run('UPDATE job_state SET watermark = max(watermark, ?) WHERE job_id = ?', [Math.floor(now), id]);
  const past = stateFromRuns(db, id);
  if (past)
    db.run(
      `UPDATE job_state SET status = ?, last_run = ?, last_run_id = ?, failures = ?
       WHERE job_id = ? AND coalesce(last_run, -1) < ?`,
      [past.status, past.last_run, past.last_run_id, past.failures, id, past.last_run ?? -1],
    );
  if (copy.lastRun !== null) {
    db.run(
      `UPDATE job_state SET status = ?, last_run = ?, last_run_id = NULL
       WHERE job_id = ? AND coalesce(last_run, -1) < ?`,
      [statusOf(db, id, copy), copy.lastRun, id, copy.lastRun],
    );
  }
  const { definition } = record;
  const { nextRun } = copy;
  if (nextRun === null || nextRun > now || !definition.enabled || !isOccurrence(record, nextRun)) return;
  enqueueRun(
    db,
    {
      jobId: id,
      configName: definition.config_name,
      trigger: 'schedule',
      scheduledFor: nextRun,
      timezone: definition.schedule.timezone,
      status: 'missed',
      reason: `the database was lost (noticed ${new Date(loss.at).toISOString()}): it is unknown whether this occurrence, or one after it, was started, so none is started again`,
      maxAttempts: definition.max_retries + 1,
      priority: definition.priority,
      overlap: definition.overlap,
      requestedBy: 'scheduler',
    },
    now,
  );
}

/** A run that the file lists as running has no row any more. If its process still works, it restores the row. */
function statusOf(db: QuickscrapeDatabase, id: string, { status }: RuntimeCopy): JobStatus {
  return status === 'running' && findActiveRun(db, id)?.status !== 'running' ? 'pending' : status;
}

function isOccurrence({ definition }: ValidJob['record'], at: number): boolean {
  const next = JobSchedule.fromDict(definition.schedule).getNextRunTime(new Date(at - 1));
  return next?.getTime() === at;
}
