import { chmodSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runtimeCopyIn } from '../../database/recovery/runtime-copy.ts';
import { reconcileRuns } from '../../execution/reconcile-runs.ts';
import { sweepTempFiles } from '../../fs/atomic-file.ts';
import { type HomePaths, makeHome } from '../../fs/paths.ts';
import { unavailable } from '../../fs/system-errors.ts';
import { currentUserId } from '../../process/platform.ts';
import type { Workspace } from '../../workspace.ts';
import { type Entry, findLooseEntries } from '../doctor/checks/check-home.ts';
import { collectHome, findTempFiles, listEntries, listWriteFolders } from '../doctor/collect-files.ts';

/** A fix for something in the home other than its job files, which can be applied at once. */
export interface HomeFix {
  what: 'folders' | 'permissions' | 'leftovers' | 'runs' | 'copies';
  /** What the fix does, for people. */
  message: string;
}

/** Finds the fixes that the home needs; changes nothing. */
export function findHomeFixes(paths: HomePaths): HomeFix[] {
  const home = collectHome(paths);
  const fixes: HomeFix[] = [];
  if (home.missing.length > 0) fixes.push({ what: 'folders', message: `make ${home.missing.join(', ')}` });
  const open = findOpenEntries(paths);
  if (open.length > 0) {
    const count = open.length === 1 ? open[0]?.path || 'the home' : `${open.length} files and folders`;
    fixes.push({ what: 'permissions', message: `close ${count} to other users` });
  }
  const temp = findTempFiles(paths);
  if (temp.length > 0) {
    const count = temp.length === 1 ? '1 temporary file' : `${temp.length} temporary files`;
    fixes.push({ what: 'leftovers', message: `remove ${count} of writers that were killed` });
  }
  return fixes;
}

/** Finds the user's own files and folders that `doctor` reports as open to other users. */
function findOpenEntries(paths: HomePaths): Entry[] {
  const own = currentUserId();
  if (own === undefined) return [];
  const { entries } = listEntries(paths.home, paths.output);
  const { home, writable, secrets, readable } = findLooseEntries({
    entries,
    secrets: basename(paths.secrets),
  });
  const open = new Set([home, ...writable, secrets, ...readable].filter((entry) => entry !== undefined));
  return [...open].filter(({ uid }) => uid === own);
}

/**
 * Applies all home fixes; ignores what another process has fixed meanwhile.
 * @throws QuickscrapeError `store_unavailable` when a file operation fails
 */
export function applyHomeFixes(paths: HomePaths): void {
  makeHome(paths);
  // The owner's permissions stay, so that a callback's script in the home remains executable.
  for (const { path, mode } of findOpenEntries(paths)) restrictMode(join(paths.home, path), mode & 0o700);
  for (const folder of listWriteFolders(paths)) sweepTempFiles(folder);
}

function restrictMode(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    // A file that was removed meanwhile needs no fix.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unavailable(`cannot close ${path}`, error);
  }
}

/**
 * Does what a scheduler would do: records the outcome of runs whose process died, and updates job files whose copied
 * status is still `running`.
 * @returns the reconciled runs, and the jobs whose copies were updated
 */
export async function repairRunState(workspace: Workspace): Promise<{ runs: string[]; copies: string[] }> {
  const runs = reconcileRuns(workspace).map(({ runId }) => runId);
  const copies: string[] = [];
  for (const entry of workspace.jobs.list()) {
    if (entry.kind !== 'valid' || entry.state.status === 'running') continue;
    if (runtimeCopyIn(entry.record.file, workspace.clock.now())?.status !== 'running') continue;
    await workspace.jobs.copyRuntime(entry.id);
    copies.push(entry.id);
  }
  return { runs, copies };
}

/**
 * Counts the runs that have lost their process. Reads the database, which may be missing or damaged, without changing
 * it.
 */
export async function countDeadRuns(file: string): Promise<number> {
  const { collectDatabase } = await import('../doctor/collect-database.ts');
  const content = collectDatabase(file);
  if (!content.facts.exists || !content.readable) return 0;
  return content.active.filter(({ status, alive }) => status === 'running' && alive !== true).length;
}
