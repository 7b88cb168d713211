import { lstatSync, statSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseLoss } from '../database/loss.ts';
import { isName } from '../job/id.ts';
import { foldersIn } from '../store/folders-in.ts';
import { Trash } from '../store/trash.ts';
import type { Workspace } from '../workspace.ts';
import { pruneRuns, removeRuns } from './retention.ts';
import { isRunId } from './run-id.ts';

const DAY_MS = 86_400_000;

/**
 * Removes what nobody will ask for again: deleted jobs whose time in the trash is over and their runs, runs beyond
 * what each job keeps, and folders of runs that are in no row. Leaves alone whatever is younger than a day, a run that
 * is not over, and anything that has not our names. Safe while runs write.
 */
export async function sweepRuns(workspace: Workspace): Promise<void> {
  const now = workspace.clock.now();
  const trashDays = workspace.settings.get('trash_days');
  const trash = new Trash(workspace.paths.trash);
  trash.sweep(now, trashDays);
  const kept = new Set(trash.list().map(({ id }) => id));
  for (const jobId of workspace.jobs.stamps().keys()) kept.add(jobId);
  // A jobs folder with nothing in it is more likely one that is not mounted.
  if (kept.size > 0) await removeRunsOfGoneJobs(workspace, kept, now - trashDays * DAY_MS);
  await pruneAll(workspace);
  await removeOrphanedFolders(workspace, now, trashDays);
}

async function removeRunsOfGoneJobs(
  { db, paths }: Workspace,
  kept: ReadonlySet<string>,
  before: number,
): Promise<void> {
  const jobs = db.all<{ job_id: string; latest: number }>(
    'SELECT job_id, max(queued_at, max(coalesce(finished_at, 0))) AS latest FROM runs GROUP BY job_id',
  );
  for (const { job_id: jobId, latest } of jobs)
    if (!kept.has(jobId) && latest < before) await removeRuns(paths, db, jobId);
}

async function pruneAll({ db, paths, jobs, settings }: Workspace): Promise<void> {
  const counts = db.all<{ job_id: string; n: number }>(
    'SELECT job_id, count(*) AS n FROM runs GROUP BY job_id',
  );
  for (const { job_id: jobId, n } of counts) {
    const entry = jobs.get(jobId);
    const keep = entry?.kind === 'valid' ? entry.record.definition.keep_runs : settings.get('keep_runs');
    if (n > keep) await pruneRuns(paths, db, jobId, keep);
  }
}

async function removeOrphanedFolders(
  { db, paths }: Workspace,
  now: number,
  trashDays: number,
): Promise<void> {
  // Behind a link, another home may keep its runs as well.
  if (lstatSync(paths.runs, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const loss = databaseLoss(db);
  for (const jobId of foldersIn(paths.runs).filter(isName)) {
    const folder = join(paths.runs, jobId);
    for (const runId of foldersIn(folder).filter(isRunId)) {
      const changed = statSync(join(folder, runId), { throwIfNoEntry: false })?.mtimeMs ?? now;
      // The folders of runs that were lost with a database are all that is left of them.
      const needed = loss !== undefined && changed < loss.at && now - loss.at < trashDays * DAY_MS;
      if (needed || now - changed < DAY_MS || hasRow(db, runId)) continue;
      await rm(join(folder, runId), { recursive: true, force: true });
    }
    // Goes only when it is empty.
    await rmdir(folder).catch(() => {});
  }
}

function hasRow(db: Workspace['db'], runId: string): boolean {
  return db.get('SELECT 1 AS there FROM runs WHERE run_id = ?', [runId]) !== undefined;
}
