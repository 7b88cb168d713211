import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { QuickscrapeError } from '../lib/errors.ts';
import { currentUserId } from '../process/platform.ts';

/**
 * Rejects a file or folder of the home that is a symbolic link: a write through it would change another place.
 * @throws QuickscrapeError `not_allowed`
 */
export function refuseLink(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new QuickscrapeError('not_allowed', `${path} is a symbolic link; nothing is written through it`, {
    hint: 'Remove the link, or put what it leads to in its place.',
  });
}

/** Linux's own limit. */
const MAX_LINKS = 40;
/** The errors for a path that cannot exist or cannot be reached. */
const UNREACHABLE_CODES = ['ENAMETOOLONG', 'ENOTDIR', 'ELOOP', 'EACCES'];

/** Returns the real path; links are resolved as far as the path exists. */
export function realPath(path: string): string {
  try {
    // The native function: on disks that ignore case it returns the name as stored.
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

/**
 * Rejects an absolute path that contains a symbolic link of another user, at its end or before. In a folder that others
 * can write, such as the system's temporary one, any user could create a link in the output's place. The link could
 * point to a file of this user. Links of the administrator are accepted (as in Linux's `protected_symlinks`, but in
 * every folder).
 * @param field the input that named the path
 * @throws QuickscrapeError `invalid_params`
 */
export function refuseForeignLinks(
  path: string,
  me = currentUserId(),
  field = 'output_path',
  links = 0,
): void {
  // Windows does not report a link's owner, and only administrators can create links.
  if (me === undefined) return;
  const parent = dirname(path);
  if (parent !== path) refuseForeignLinks(parent, me, field, links);
  const stats = tryLstat(path);
  if (!stats?.isSymbolicLink()) return;
  const target = resolve(parent, readlinkSync(path));
  if (stats.uid !== me && stats.uid !== 0) {
    throw new QuickscrapeError(
      'invalid_params',
      `${field}: ${path} is a symbolic link of another user (${stats.uid}), who could lead the output anywhere`,
      { field, hint: `Give the place itself (${target}), or remove the link.` },
    );
  }
  // The operating system reports a circular link.
  if (links < MAX_LINKS) refuseForeignLinks(target, me, field, links + 1);
}

/** The operating system reports an unreadable path with its own message. */
function tryLstat(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (UNREACHABLE_CODES.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
