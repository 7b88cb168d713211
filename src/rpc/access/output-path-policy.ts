import { isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { checkOutputPath } from '../../core/model/output-path.ts';
import { realPath } from '../../core/model/real-path.ts';
import { expandOutputPaths } from './expand-output-paths.ts';

/** The folders that rows may land in on behalf of a client. */
export interface OutputFolders {
  /** The home's `output/`. */
  home: string;
  /** `--output-dir`. */
  extra: string | undefined;
}

/**
 * The output path as it is stored for a client's job: a relative one starts in `--output-dir` where that is given.
 * @throws QuickscrapeError `not_allowed` for a place outside of the folders, also over links; `invalid_params` for a
 *   path that nobody could use
 */
export function checkOutputAllowed(path: string, folders: OutputFolders, field: string): string {
  const roots = [folders.home, ...(folders.extra === undefined ? [] : [folders.extra])];
  // Who gives the path by hand is told to write elsewhere by an absolute one: a client may not.
  if (!isAbsolute(path) && normalize(path).split(sep)[0] === '..') throw outsideError(path, roots, field);
  checkOutputPath(path, field);
  const placed = isAbsolute(path) || folders.extra === undefined ? path : join(folders.extra, path);
  const inside = roots.map((root) => realPath(root) + sep);
  const places = expandOutputPaths(resolve(folders.home, placed)).map(realPath);
  if (places.every((place) => inside.some((start) => place.startsWith(start)))) return placed;
  throw outsideError(path, roots, field);
}

function outsideError(path: string, roots: readonly string[], field: string): QuickscrapeError {
  return new QuickscrapeError('not_allowed', `${field}: "${path}" lies outside of ${roots.join(' and ')}`, {
    field,
    hint:
      'Give a relative path, such as "{config_name}_{date}.csv", or leave it out. Only the person who starts this ' +
      'server can allow another folder: --output-dir DIR.',
  });
}
