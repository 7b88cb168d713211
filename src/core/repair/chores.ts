import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { findTempFiles, listEntries, lookAtHome, writersFolders } from '../doctor/look-at-files.ts';
import type { HomePaths } from '../paths.ts';
import { makeHome } from '../paths.ts';
import { sweepTempFiles } from '../store/atomic-file.ts';
import { unavailable } from '../store/unavailable.ts';

/** Something about the home beside its job files that can be put in order at once. */
export interface Chore {
  what: 'folders' | 'permissions' | 'leftovers' | 'runs' | 'copies';
  /** What is to be done, for people. */
  message: string;
}

/** Which files and folders others may read or write that are not theirs to see. */
function looseEntries(paths: HomePaths) {
  const own = process.getuid?.();
  if (own === undefined) return [];
  return listEntries(paths.home, paths.output).entries.filter(
    ({ kind, mode, uid }) => (kind === 'file' || kind === 'folder') && uid === own && (mode & 0o077) !== 0,
  );
}

/** What there is to do; looks only. */
export function findChores(paths: HomePaths): Chore[] {
  const home = lookAtHome(paths);
  const chores: Chore[] = [];
  if (home.missing.length > 0) chores.push({ what: 'folders', message: `make ${home.missing.join(', ')}` });
  const loose = looseEntries(paths);
  if (loose.length > 0) {
    const count =
      loose.length === 1 ? `${loose[0]?.path || 'the home'}` : `${loose.length} files and folders`;
    chores.push({ what: 'permissions', message: `close ${count} to other users` });
  }
  const temp = findTempFiles(paths);
  if (temp.length > 0) {
    const count = temp.length === 1 ? '1 temporary file' : `${temp.length} temporary files`;
    chores.push({ what: 'leftovers', message: `remove ${count} of writers that were killed` });
  }
  return chores;
}

/**
 * Does them; what another process has done meanwhile is passed over.
 * @throws QuickscrapeError `store_unavailable` when the disk refuses
 */
export function doChores(paths: HomePaths): void {
  makeHome(paths);
  // What the owner may do stays: a callback's script in the home is to run.
  for (const { path, mode } of looseEntries(paths)) close(join(paths.home, path), mode & 0o700);
  for (const folder of writersFolders(paths)) sweepTempFiles(folder);
}

function close(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    // Removed meanwhile, it is open to nobody.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unavailable(`cannot close ${path}`, error);
  }
}
