import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { sweepTempFiles } from '../../fs/atomic-file.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { makeHome } from '../../fs/paths.ts';
import { unavailable } from '../../fs/unavailable.ts';
import { collectHome, findTempFiles, listEntries, listWriteFolders } from '../doctor/collect-files.ts';

/** Something about the home beside its job files that can be put in order at once. */
export interface HomeFix {
  what: 'folders' | 'permissions' | 'leftovers' | 'runs' | 'copies';
  /** What is to be done, for people. */
  message: string;
}

/** Which files and folders others may read or write that are not theirs to see. */
function findLooseEntries(paths: HomePaths) {
  const own = process.getuid?.();
  if (own === undefined) return [];
  return listEntries(paths.home, paths.output).entries.filter(
    ({ kind, mode, uid }) => (kind === 'file' || kind === 'folder') && uid === own && (mode & 0o077) !== 0,
  );
}

/** What there is to do; looks only. */
export function findHomeFixes(paths: HomePaths): HomeFix[] {
  const home = collectHome(paths);
  const fixes: HomeFix[] = [];
  if (home.missing.length > 0) fixes.push({ what: 'folders', message: `make ${home.missing.join(', ')}` });
  const loose = findLooseEntries(paths);
  if (loose.length > 0) {
    const count =
      loose.length === 1 ? `${loose[0]?.path || 'the home'}` : `${loose.length} files and folders`;
    fixes.push({ what: 'permissions', message: `close ${count} to other users` });
  }
  const temp = findTempFiles(paths);
  if (temp.length > 0) {
    const count = temp.length === 1 ? '1 temporary file' : `${temp.length} temporary files`;
    fixes.push({ what: 'leftovers', message: `remove ${count} of writers that were killed` });
  }
  return fixes;
}

/**
 * Does them; what another process has done meanwhile is passed over.
 * @throws QuickscrapeError `store_unavailable` when the disk refuses
 */
export function applyHomeFixes(paths: HomePaths): void {
  makeHome(paths);
  // What the owner may do stays: a callback's script in the home is to run.
  for (const { path, mode } of findLooseEntries(paths)) restrictMode(join(paths.home, path), mode & 0o700);
  for (const folder of listWriteFolders(paths)) sweepTempFiles(folder);
}

function restrictMode(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    // Removed meanwhile, it is open to nobody.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unavailable(`cannot close ${path}`, error);
  }
}
