import { isAbsolute, join, resolve, sep } from 'node:path';
import { QuickscrapeError } from '../core/errors.ts';
import { checkOutputPath } from '../core/run/output-path.ts';
import { realPlace } from '../core/run/real-place.ts';

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
export function permittedOutput(path: string, folders: OutputFolders, field: string): string {
  checkOutputPath(path, field);
  const placed = isAbsolute(path) || folders.extra === undefined ? path : join(folders.extra, path);
  // Placeholders never become separators, so the folder that a template leads to is that of its filled-in paths.
  const place = realPlace(resolve(folders.home, placed));
  const roots = [folders.home, ...(folders.extra === undefined ? [] : [folders.extra])];
  if (roots.some((root) => place.startsWith(realPlace(root) + sep))) return placed;
  throw new QuickscrapeError('not_allowed', `${field}: "${path}" lies outside of ${roots.join(' and ')}`, {
    field,
    hint:
      'Give a relative path, such as "{config_name}_{date}.csv", or leave it out. Only the person who starts this ' +
      'server can allow another folder: --output-dir DIR.',
  });
}
