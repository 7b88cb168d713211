import { statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { HomePaths } from '../../core/fs/paths.ts';
import { realPath } from '../../core/fs/symlinks.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** Where files of addresses may be. */
export interface AddressFolders {
  /** A relative path begins here: the folder of the configuration. */
  folder: string;
  /** Of the home, only `configs/` and `output/` have such files. */
  paths: Pick<HomePaths, 'home' | 'jobs' | 'configs' | 'output'>;
}

/**
 * Returns the real path of a file that holds addresses.
 * @param file as written
 * @throws ScrapeError `config` if there is no such file, or it is one of the home's own
 */
export function locateAddressFile(file: string, { folder, paths }: AddressFolders): string {
  const path = resolve(folder, file);
  const real = realPath(path);
  const isHomes = [paths.home, paths.jobs].some((own) => isInside(realPath(own), real));
  const isAllowed = [paths.configs, paths.output].some((own) => isInside(realPath(own), real));
  if (isHomes && !isAllowed)
    throw new ScrapeError('config', `${file} is among QuickScrape's own files`, {
      hint: `Put the file beside the configuration, in ${paths.configs}, or give the path of a file outside ${paths.home}.`,
    });
  const problem = findProblem(path);
  if (problem === undefined) return real;
  const shown = path === file ? '' : `: ${path}`;
  throw new ScrapeError('config', `${file} ${problem}${shown}`, {
    hint: `A relative path begins beside the configuration, in ${join(folder, sep)}. Put the file there, or give its whole path.`,
  });
}

function findProblem(path: string): string | undefined {
  try {
    // Reading from a pipe would block forever.
    return statSync(path).isFile() ? undefined : 'is not a file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be read (${code})`;
  }
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
