import { lstatSync, statSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readDataLoss } from '../database/recovery/data-loss.ts';
import { sqlCode } from '../database/sql-errors.ts';
import { sweepTempFiles } from '../fs/atomic-file.ts';
import { wrapUnavailable } from '../fs/system-errors.ts';
import { listSubfolders } from '../lib/list-folder.ts';
import { isName } from '../model/job-id.ts';
import { isRunId } from '../model/run-id.ts';
import { listPersistentFiles } from '../runs/persistent-files.ts';
import { pruneRuns, removeFolder, removeRuns } from '../runs/retention.ts';
import { Trash } from '../trash/trash.ts';
import type { Workspace } from '../workspace.ts';

const DAY_MS = 86_400_000;

/**
 * Removes data that is no longer needed: deleted jobs whose time in the trash has expired, with their runs; runs beyond
 * each job's retention; and folders of runs without a row. Keeps everything that is younger than a day, active runs,
 * and files with names that are not this program's. Safe while runs write. A folder that cannot be removed does not
 * stop the removal of others.
 * @throws QuickscrapeError `store_unavailable`: the first failure
 */
export async function sweepRuns(workspace: Workspace): Promise<void> {
  const now = workspace.clock.now();
  const trashDays = workspace.settings.get('trash_days');
  const trash = new Trash(workspace.paths.trash);
  trash.sweep(now, trashDays);
  const kept = new Set(trash.list().map(({ id }) => id));
  for (const jobId of workspace.jobs.ids()) kept.add(jobId);
  // A jobs folder without any job is more likely not mounted than empty.
  const failures: unknown[] = [];
  if (kept.size > 0) await removeRunsOfDeletedJobs(workspace, kept, now - trashDays * DAY_MS, failures);
  await pruneAll(workspace, failures);
  await removeLeftovers(workspace, kept, { now, trashDays }, failures);
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

async function pruneAll({ db, paths, jobs, settings }: Workspace, failures: unknown[]): Promise<void> {
  const counts = db.all<{ job_id: string; n: number }>(
    'SELECT job_id, count(*) AS n FROM runs GROUP BY job_id',
  );
  for (const { job_id: jobId, n } of counts) {
    const entry = jobs.get(jobId);
    const keep = entry?.kind === 'valid' ? entry.record.definition.keep_runs : settings.get('keep_runs');
    if (n > keep) await attempt(failures, () => pruneRuns(paths, db, jobId, keep));
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
  return wrapUnavailable(`cannot look at ${folder}`, () =>
    Boolean(lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()),
  );
}

function changedAt(folder: string): number | undefined {
  return wrapUnavailable(
    `cannot look at ${folder}`,
    () => statSync(folder, { throwIfNoEntry: false })?.mtimeMs,
  );
}

function hasRow(db: Workspace['db'], runId: string): boolean {
  return db.get('SELECT 1 AS there FROM runs WHERE run_id = ?', [runId]) !== undefined;
}
