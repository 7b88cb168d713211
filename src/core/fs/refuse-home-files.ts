import { join, sep } from 'node:path';
import { QuickscrapeError } from '../lib/errors.ts';
import type { HomePaths } from './paths.ts';
import { realPath } from './symlinks.ts';

/**
 * The home contains jobs, the database and settings, so rows may be written only to its `output/`, also through links.
 * @param field the input that named the file
 * @throws QuickscrapeError `invalid_params` for a file among the home's own
 */
export function refuseHomeFiles(paths: HomePaths, file: string, field: string): void {
  const target = realPath(file);
  const home = realPath(paths.home);
  const output = realPath(paths.output);
  const isOurs = [home, realPath(paths.jobs)].some((folder) => isInside(folder, target));
  // An output folder that is a link may lead out of the home, but not to the home's other files.
  const isOutput = isInside(output, target) && (!isInside(home, output) || output === join(home, 'output'));
  if (!isOurs || isOutput) return;
  throw new QuickscrapeError('invalid_params', `${field}: ${file} is among QuickScrape's own files`, {
    field,
    hint:
      field === 'output_path'
        ? `Use a relative path, which is below ${paths.output}, or a folder outside ${paths.home}.`
        : `Use ${paths.output}, or a folder outside ${paths.home}.`,
  });
}

/** Whether a path is a folder or below it. Links are not followed. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
