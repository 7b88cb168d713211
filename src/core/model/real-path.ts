import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { QuickscrapeError } from '../lib/errors.ts';

/** As many as Linux follows. */
const MAX_LINKS = 40;
/** Why there can be nothing at a path, or nothing that could be reached. */
const UNREACHABLE_CODES = ['ENAMETOOLONG', 'ENOTDIR', 'ELOOP', 'EACCES'];

/** Where a path leads, links followed as far as it exists. */
export function realPath(path: string): string {
  try {
    // The system's own: on disks that know no capitals it gives the name as it is written there.
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

/**
 * Refuses an absolute path that leads over a symbolic link of another user, at its end or on the way. In a folder that
 * others can write, such as the system's temporary one, anybody can put a link to a file of ours where our output is to
 * go. The administrator's links count as ours (as in Linux's `protected_symlinks`, but in every folder).
 * @throws QuickscrapeError `invalid_params`
 */
export function refuseForeignLinks(path: string, me = process.geteuid?.(), links = 0): void {
  // Windows does not say whose a link is, and lets only administrators make one.
  if (me === undefined) return;
  const parent = dirname(path);
  if (parent !== path) refuseForeignLinks(parent, me, links);
  const stats = tryLstat(path);
  if (!stats?.isSymbolicLink()) return;
  const target = resolve(parent, readlinkSync(path));
  if (stats.uid !== me && stats.uid !== 0) {
    throw new QuickscrapeError(
      'invalid_params',
      `output_path: ${path} is a symbolic link of another user (${stats.uid}), who could lead the output anywhere`,
      { field: 'output_path', hint: `Give the place itself (${target}), or remove the link.` },
    );
  }
  // A circle is the disk's to refuse.
  if (links < MAX_LINKS) refuseForeignLinks(target, me, links + 1);
}

/** What nobody can open either is the disk's to refuse, in its own words. */
function tryLstat(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (UNREACHABLE_CODES.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
