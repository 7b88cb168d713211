import { accessSync, constants, existsSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { tempFilesIn } from '../../fs/atomic-file.ts';
import { mountAt } from '../../fs/mounts.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { listSubfolders } from '../../lib/list-folder.ts';
import { isPersistentFolder } from '../../runs/run-files.ts';
import type { Entry, HomeFacts } from './checks/check-home.ts';

/** Maximum number of entries to check: a sample is sufficient. */
const MAX_ENTRIES = 20_000;

export function collectHome(paths: HomePaths): HomeFacts {
  const { home } = paths;
  const facts: HomeFacts = {
    home,
    kind: 'folder',
    writable: true,
    readOnlyDisk: false,
    empty: false,
    missing: [],
    mount: mountAt(home),
  };
  let stats: Stats | undefined;
  try {
    stats = statSync(home, { throwIfNoEntry: false });
    if (!stats) return { ...facts, kind: 'missing' };
    if (!stats.isDirectory()) return { ...facts, kind: 'other' };
    facts.empty = readdirSync(home).length === 0;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return { ...facts, kind: 'other' };
    return { ...facts, kind: 'unreadable', error: message };
  }
  const refused = errorCode(() => accessSync(home, constants.W_OK | constants.X_OK));
  const folders = [paths.jobs, paths.configs, paths.locks, paths.runs, paths.output, paths.trash];
  return {
    ...facts,
    writable: refused === undefined,
    readOnlyDisk: refused === 'EROFS',
    missing: folders.filter((folder) => !isFolder(folder)).map((folder) => `${basename(folder)}/`),
  };
}

/** Lists every file and folder of the home, except the contents of `output/`, which users may share. */
export function listEntries(home: string, output: string): { entries: Entry[]; unreadable: string[] } {
  const entries: Entry[] = [];
  const unreadable: string[] = [];
  const visit = (path: string) => {
    if (entries.length >= MAX_ENTRIES) return;
    const name = relative(home, path);
    // The home may be a link to its folder. A link's own permissions are always open, and mean nothing.
    const stats =
      path === home ? statSync(path, { throwIfNoEntry: false }) : lstatSync(path, { throwIfNoEntry: false });
    if (!stats) return;
    const kind = kindOf(stats);
    entries.push({ path: name, kind, mode: stats.mode & 0o7777, uid: stats.uid });
    if (kind === 'file' && errorCode(() => accessSync(path, constants.R_OK)) !== undefined)
      unreadable.push(name);
    if (kind !== 'folder' || path === output) return;
    try {
      for (const child of readdirSync(path)) visit(join(path, child));
    } catch {
      unreadable.push(name);
    }
  };
  try {
    visit(home);
  } catch {
    // The home is below a folder without access for this user; the home check reports that.
  }
  return { entries, unreadable };
}

/** Folders in which a killed writer may leave a temporary file. */
export function listWriteFolders({ home, jobs, configs, locks, runs, trash }: HomePaths): string[] {
  return [home, jobs, configs, locks, runs, trash];
}

/** Finds temporary files of killed writers, relative to the home. */
export function findTempFiles(paths: HomePaths): string[] {
  return listWriteFolders(paths).flatMap((folder) => {
    try {
      return tempFilesIn(folder).map((file) => relative(paths.home, file));
    } catch {
      return [];
    }
  });
}

/** Lists the folders of runs, as ids by job. */
export function listRunFolders(paths: HomePaths): Map<string, string[]> {
  const runsOf = (job: string) =>
    listSubfolders(join(paths.runs, job)).filter((name) => !isPersistentFolder(name));
  return new Map(listSubfolders(paths.runs).map((job) => [job, runsOf(job)]));
}

/**
 * Finds folders `runs/<job>/<run>` of runs that are not in the history, relative to the home.
 * @param listed what {@link listRunFolders} returned before `known` was read: a run has a row before it has a folder,
 *   so the folder of a run that started later is not in it
 */
export function findOrphanedRuns(
  paths: HomePaths,
  listed: ReadonlyMap<string, readonly string[]>,
  known: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  return [...listed].flatMap(([job, runs]) =>
    runs
      // Retention deletes a run's row first, then its folder.
      .filter((run) => !known.get(job)?.has(run) && existsSync(join(paths.runs, job, run)))
      .map((run) => join(basename(paths.runs), job, run)),
  );
}

function kindOf(stats: Stats): Entry['kind'] {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFile()) return 'file';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function errorCode(call: () => void): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
