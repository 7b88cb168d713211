import type { Stats } from 'node:fs';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ScrapeError } from '../errors.ts';
import { outputError } from './output-error.ts';

/** Where an output goes. */
export interface Target {
  /** With links followed: a link stays a link. */
  file: string;
  /** What is there now. */
  existing: Stats | undefined;
  /** Permissions of the file to be made. */
  mode: number;
}

/**
 * Looks at an output path and makes its missing folders.
 * @throws ScrapeError `output` when it cannot be a file that is replaced
 */
export async function prepareTarget(path: string): Promise<Target> {
  try {
    const folderMode = await makeFolder(dirname(path));
    const file = await realpath(path).catch(() => path);
    const existing = await stat(file).catch(ignoreAbsent);
    if (existing?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
    if (existing !== undefined && !existing.isFile()) {
      throw new ScrapeError('output', `${path} is a device or a pipe, not a file`, {
        hint: 'Choose the path of a file.',
      });
    }
    // In a folder that is closed to others the file is, too.
    return { file, existing, mode: existing === undefined ? folderMode & 0o666 : existing.mode & 0o777 };
  } catch (error) {
    throw outputError(error, path);
  }
}

/** A folder that is made is as open as the one it is made in (less the umask): under the home, 0700. */
async function makeFolder(folder: string): Promise<number> {
  const here = await stat(folder).catch(ignoreAbsent);
  if (here !== undefined) return here.mode & 0o777;
  const parent = dirname(folder);
  const mode = (parent === folder ? 0o777 : await makeFolder(parent)) | 0o700;
  await mkdir(folder, { recursive: true, mode });
  return mode;
}

function ignoreAbsent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
