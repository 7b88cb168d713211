import type { Stats } from 'node:fs';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ScrapeError } from '../lib/scrape-error.ts';
import { toOutputError } from './output-error.ts';
import { syncFolder } from './sync-folder.ts';

/** Where an output goes. */
export interface Target {
  /** With links followed: a link stays a link. */
  file: string;
  /** What is there now. */
  existing: Stats | undefined;
  /** Permissions of the file to be made. */
  mode: number;
  /** Throws when the output must not be written to `file` (any more). */
  check(): void;
}

/**
 * Looks at an output path and makes its missing folders.
 * @param mayWrite throws for a place that the output must not be written to
 * @throws ScrapeError `output` when it cannot be a file that is replaced; what `mayWrite` throws
 */
export async function prepareTarget(path: string, mayWrite: (place: string) => void): Promise<Target> {
  try {
    mayWrite(path);
    const folderMode = await createOutputFolder(dirname(path));
    const file = await realpath(path).catch(() => path);
    const check = () => mayWrite(file);
    check();
    const existing = await stat(file).catch(ignoreMissing);
    if (existing?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
    if (existing !== undefined && !existing.isFile()) {
      throw new ScrapeError('output', `${path} is a device or a pipe, not a file`, {
        hint: 'Choose the path of a file.',
      });
    }
    // In a folder that is closed to others the file is, too.
    return {
      file,
      existing,
      mode: existing === undefined ? folderMode & 0o666 : existing.mode & 0o777,
      check,
    };
  } catch (error) {
    throw toOutputError(error, path);
  }
}

/**
 * Makes a folder for outputs, if it is not there. One that is made is as open as the one it is made in (less the
 * umask): under the home, 0700.
 * @returns the folder's permissions
 */
export async function createOutputFolder(folder: string): Promise<number> {
  const here = await stat(folder).catch(ignoreMissing);
  if (here !== undefined) return here.mode & 0o777;
  const parent = dirname(folder);
  const mode = (parent === folder ? 0o777 : await createOutputFolder(parent)) | 0o700;
  await mkdir(folder, { recursive: true, mode });
  // Otherwise a power loss would take the folder, with the output in it.
  await syncFolder(parent);
  return mode;
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
