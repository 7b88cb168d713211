import { lstatSync, statSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SqlParams } from '../database/connection.ts';
import type { QuickscrapeDatabase } from '../database/database.ts';
import { readDataLoss } from '../database/recovery/data-loss.ts';
import { sqlCode } from '../database/sql-errors.ts';
import { sweepTempFiles } from '../fs/atomic-file.ts';
import type { HomePaths } from '../fs/paths.ts';
import { unavailable, wrapUnavailable } from '../fs/system-errors.ts';
import { settleHistory } from '../history/settle-history.ts';
import { DAY_MS } from '../lib/clock.ts';
import { listSubfolders } from '../lib/list-folder.ts';
import { pruneMessages } from '../messages/message-store.ts';
import { isName, isRunId } from '../model/ids.ts';
import { listPersistentFiles, runFiles } from '../runs/run-files.ts';
import { Trash } from '../trash/trash.ts';
import type { Workspace } from '../workspace.ts';

/** How long a message is shown after it was sent. */
const MESSAGE_DAYS = 30;

/**
 * Removes data that is no longer needed: deleted jobs whose time in the trash has expired, with their runs; runs beyond
 * each job's retention; folders of runs without a row; and messages that ended more than 30 days ago. Keeps everything
 * that is younger than a day, active runs, and files with names that are not this program's. Safe while runs write. A
 * folder that cannot be removed does not stop the removal of others.
 * @throws QuickscrapeError `store_unavailable`: the first failure
 */
export async function applyRetention(workspace: Workspace): Promise<void> {
  const now = workspace.clock.now();
  const trashDays = workspace.settings.get('trash_days');
  const trash = new Trash(workspace.paths.trash);
  trash.sweep(now, trashDays);
  const kept = new Set(trash.list().map(({ id }) => id));
  for (const jobId of workspace.jobs.ids()) kept.add(jobId);
  const failures: unknown[] = [];
  // A jobs folder without any job is more likely not mounted than empty.
  if (kept.size > 0) await removeRunsOfDeletedJobs(workspace, kept, now - trashDays * DAY_MS, failures);
  await pruneAll(workspace, failures);
  await removeLeftovers(workspace, kept, { now, trashDays }, failures);
  pruneMessages(workspace.db, now - MESSAGE_DAYS * DAY_MS);
  if (failures.length > 0) throw failures[0];
}

/** Collects a failure, but rethrows a database error: the next step would only wait for the database again. */
async function attempt(failures: unknown[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (sqlCode(error) !== undefined) throw error;
    failures.push(error);
  }
}

async function removeRunsOfDeletedJobs(
  { db, paths }: Workspace,
  kept: ReadonlySet<string>,
  before: number,
  failures: unknown[],
): Promise<void> {
  const jobs = db.all<{ job_id: string; latest: number }>(
    'SELECT job_id, max(queued_at, max(coalesce(finished_at, 0))) AS latest FROM runs GROUP BY job_id',
  );
  for (const { job_id: jobId, latest } of jobs)
    if (!kept.has(jobId) && latest < before) await attempt(failures, () => removeRuns(paths, db, jobId));
}

async function removeLeftovers(
  workspace: Workspace,
  kept: ReadonlySet<string>,
  { now, trashDays }: { now: number; trashDays: number },
  failures: unknown[],
): Promise<void> {
  const { paths } = workspace;
  // Behind a link, another home may store its runs as well.
  if (isLink(paths.runs)) return;
  sweepTempFiles(paths.runs);
  if (kept.size > 0) await removePersistentFiles(workspace, kept, now - trashDays * DAY_MS, failures);
  await removeOrphanedFolders(workspace, now, trashDays, failures);
}

/** Removes cookies and pages saved for later runs, of jobs whose runs were removed. */
async function removePersistentFiles(
  { db, paths }: Workspace,
  kept: ReadonlySet<string>,
  before: number,
  failures: unknown[],
): Promise<void> {
  for (const jobId of listSubfolders(paths.runs).filter(isName)) {
    if (kept.has(jobId) || db.get('SELECT 1 AS there FROM runs WHERE job_id = ?', [jobId])) continue;
    await attempt(failures, async () => {
      for (const path of listPersistentFiles(paths, jobId))
        if ((changedAt(path) ?? before) < before) await removeFolder(path);
    });
  }
}

async function pruneAll(workspace: Workspace, failures: unknown[]): Promise<void> {
  const { db, paths, jobs, settings } = workspace;
  const counts = db.all<{ job_id: string; n: number }>(
    'SELECT job_id, count(*) AS n FROM runs GROUP BY job_id',
  );
  for (const { job_id: jobId, n } of counts) {
    const entry = jobs.get(jobId);
    const keep = entry?.kind === 'valid' ? entry.record.definition.keep_runs : settings.get('keep_runs');
    if (n <= keep) continue;
    // A run that died right after its outcome has not written its values; they would go with it.
    if (entry?.kind === 'valid') {
      const { config_name: configName } = entry.record.definition;
      await attempt(failures, async () => void (await settleHistory(workspace, { jobId, configName })));
    }
    await attempt(failures, () => pruneRuns(paths, db, jobId, keep));
  }
}

async function removeOrphanedFolders(
  { db, paths }: Workspace,
  now: number,
  trashDays: number,
  failures: unknown[],
): Promise<void> {
  const loss = readDataLoss(db);
  const isNeeded = (changed: number) => {
    // After a database was lost, the folders are all that remains of its runs.
    const lost = loss !== undefined && changed < loss.at && now - loss.at < trashDays * DAY_MS;
    return lost || now - changed < DAY_MS;
  };
  for (const jobId of listSubfolders(paths.runs).filter(isName)) {
    const ofJob = join(paths.runs, jobId);
    for (const runId of listSubfolders(ofJob).filter(isRunId)) {
      await attempt(failures, async () => {
        const folder = join(ofJob, runId);
        if (isNeeded(changedAt(folder) ?? now) || hasRow(db, runId)) return;
        await removeFolder(folder);
      });
    }
    // rmdir removes the folder only when it is empty.
    await rmdir(ofJob).catch(() => {});
  }
}

function isLink(folder: string): boolean {
  return wrapUnavailable(`cannot read ${folder}`, () =>
    Boolean(lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()),
  );
}

function changedAt(folder: string): number | undefined {
  return wrapUnavailable(`cannot read ${folder}`, () => statSync(folder, { throwIfNoEntry: false })?.mtimeMs);
}

function hasRow(db: Workspace['db'], runId: string): boolean {
  return db.get('SELECT 1 AS there FROM runs WHERE run_id = ?', [runId]) !== undefined;
}

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
  const old = `SELECT run_id FROM (
      SELECT run_id, row_number() OVER (
        PARTITION BY status IN ('skipped', 'missed')
        ORDER BY queued_at DESC, scheduled_for DESC, run_id DESC) AS place
      FROM runs
      WHERE job_id = ? AND status NOT IN ('queued', 'starting', 'running', 'waiting_retry')
        AND coalesce(callback, 'done') NOT IN ('due', 'running'))
    WHERE place > ?`;
  // Nearly always, there is nothing to write.
  if (db.get(`${old} LIMIT 1`, [jobId, keep]) === undefined) return;
  const sql = `DELETE FROM runs WHERE run_id IN (${old}) RETURNING run_id`;
  await removeFolders(paths, jobId, deleteReturning(db, sql, [jobId, keep]));
}

/** Removes all finished runs of a deleted job, with their folders; active runs stay. */
async function removeRuns(paths: HomePaths, db: QuickscrapeDatabase, jobId: string): Promise<void> {
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
async function removeFolder(folder: string): Promise<void> {
  try {
    // Never delete through a link: its target does not belong to the home.
    if (lstatSync(dirname(folder), { throwIfNoEntry: false })?.isSymbolicLink()) return;
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw unavailable(`cannot remove the old run ${folder}`, error);
  }
}
