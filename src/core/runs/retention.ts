import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SqlParams } from '../database/connection.ts';
import type { QuickscrapeDatabase } from '../database/database.ts';
import type { HomePaths } from '../fs/paths.ts';
import { unavailable } from '../fs/unavailable.ts';
import { runFiles } from './run-files.ts';

/** Removes the oldest skipped and missed occurrences of a job beyond the newest `keep`: they have no folders. */
export function pruneOccurrences(db: QuickscrapeDatabase, jobId: string, keep: number): void {
  db.run(
    `DELETE FROM runs WHERE run_id IN (
       SELECT run_id FROM runs WHERE job_id = ? AND status IN ('skipped', 'missed')
       ORDER BY queued_at DESC, scheduled_for DESC, run_id DESC LIMIT -1 OFFSET ?)`,
    [jobId, keep],
  );
}

/**
 * Removes the oldest finished runs of a job beyond the newest `keep`, with their folders; skipped and missed
 * occurrences count apart, so that a long streak of them pushes no real run out. Rows go first: a folder without a
 * row is only disk space, a row without a folder would promise a log that is gone.
 */
export async function pruneRuns(
  paths: HomePaths,
  db: QuickscrapeDatabase,
  jobId: string,
  keep: number,
): Promise<void> {
  const old = deleteReturning(
    db,
    `DELETE FROM runs WHERE run_id IN (
       SELECT run_id FROM (
         SELECT run_id, row_number() OVER (
           PARTITION BY status IN ('skipped', 'missed')
           ORDER BY queued_at DESC, scheduled_for DESC, run_id DESC) AS place
         FROM runs
         WHERE job_id = ? AND status NOT IN ('queued', 'starting', 'running', 'waiting_retry')
           AND coalesce(callback, 'done') NOT IN ('due', 'running'))
       WHERE place > ?)
     RETURNING run_id`,
    [jobId, keep],
  );
  await removeFolders(paths, jobId, old);
}

/** Removes all runs of a job that is gone, with their folders; those that are not over stay. */
export async function removeRuns(paths: HomePaths, db: QuickscrapeDatabase, jobId: string): Promise<void> {
  const old = deleteReturning(
    db,
    `DELETE FROM runs WHERE job_id = ? AND status NOT IN ('queued', 'starting', 'running', 'waiting_retry')
     RETURNING run_id`,
    [jobId],
  );
  await removeFolders(paths, jobId, old);
}

/** A statement that gives rows back is a write all the same: it is one transaction, in the file that has the name. */
function deleteReturning(db: QuickscrapeDatabase, sql: string, params: SqlParams): { run_id: string }[] {
  return db.transaction(() => db.all<{ run_id: string }>(sql, params));
}

async function removeFolders(
  paths: HomePaths,
  jobId: string,
  runs: readonly { run_id: string }[],
): Promise<void> {
  let failed: unknown;
  for (const { run_id: runId } of runs) {
    const { folder } = runFiles(paths, jobId, runId);
    try {
      await removeFolder(folder);
    } catch (error) {
      failed ??= error;
    }
  }
  if (failed) throw failed;
}

/** Removes a run's folder with all that is in it. @throws QuickscrapeError `store_unavailable` */
export async function removeFolder(folder: string): Promise<void> {
  try {
    // Behind a link lies what is not ours to remove.
    if (lstatSync(dirname(folder), { throwIfNoEntry: false })?.isSymbolicLink()) return;
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw unavailable(`cannot remove the old run ${folder}`, error);
  }
}
