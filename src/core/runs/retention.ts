import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SqlParams } from '../database/connection.ts';
import type { QuickscrapeDatabase } from '../database/database.ts';
import type { HomePaths } from '../fs/paths.ts';
import { unavailable } from '../fs/system-errors.ts';
import { runFiles } from './run-files.ts';

/** Removes a job's skipped and missed occurrences beyond the newest `keep`; they have no folders. */
export function pruneOccurrences(db: QuickscrapeDatabase, jobId: string, keep: number): void {
  db.run(
    `DELETE FROM runs WHERE run_id IN (
       SELECT run_id FROM runs WHERE job_id = ? AND status IN ('skipped', 'missed')
       ORDER BY queued_at DESC, scheduled_for DESC, run_id DESC LIMIT -1 OFFSET ?)`,
    [jobId, keep],
  );
}

/**
 * Removes a job's finished runs beyond the newest `keep`, with their folders. Skipped and missed occurrences are
 * counted separately, so that a long streak of them displaces no real run. Rows are deleted first: a folder without a
 * row only takes disk space, but a row without a folder would promise a missing log.
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

/** Removes all finished runs of a deleted job, with their folders; active runs stay. */
export async function removeRuns(paths: HomePaths, db: QuickscrapeDatabase, jobId: string): Promise<void> {
  const old = deleteReturning(
    db,
    `DELETE FROM runs WHERE job_id = ? AND status NOT IN ('queued', 'starting', 'running', 'waiting_retry')
     RETURNING run_id`,
    [jobId],
  );
  await removeFolders(paths, jobId, old);
}

/** A DELETE with RETURNING is a write, so it needs a transaction on the database file that currently has the name. */
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

/** Removes a run's folder and its contents. @throws QuickscrapeError `store_unavailable` */
export async function removeFolder(folder: string): Promise<void> {
  try {
    // Never delete through a link: its target does not belong to the home.
    if (lstatSync(dirname(folder), { throwIfNoEntry: false })?.isSymbolicLink()) return;
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw unavailable(`cannot remove the old run ${folder}`, error);
  }
}
