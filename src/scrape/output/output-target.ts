import type { Stats } from 'node:fs';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../core/fs/atomic-file.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

type Description = readonly [text: (file: string) => string, hint: string];

const PERMISSION_HINT = 'Choose another output path, or change the permissions of the folder.';
const SPACE_HINT =
  'Free some space or choose an output path on another disk. The existing data is unchanged.';

const DESCRIPTIONS: Record<string, Description> = {
  ENOSPC: [(file) => `no space left on the disk of ${file}`, SPACE_HINT],
  EDQUOT: [(file) => `the disk quota for ${file} is used up`, SPACE_HINT],
  EACCES: [(file) => `not allowed to write in ${dirname(file)}`, PERMISSION_HINT],
  EPERM: [(file) => `not allowed to write in ${dirname(file)}`, PERMISSION_HINT],
  EROFS: [(file) => `${file} is on a read-only disk`, 'Choose another output path.'],
  EISDIR: [(file) => `${file} is a folder`, 'Choose the path of a file.'],
  ENOTDIR: [(file) => `a part of ${dirname(file)} is a file, not a folder`, 'Choose another output path.'],
  EEXIST: [(file) => `a part of ${dirname(file)} is a file, not a folder`, 'Choose another output path.'],
  ENAMETOOLONG: [(file) => `the name of ${file} is too long for the disk`, 'Choose a shorter output path.'],
  EMFILE: [(file) => `too many open files to write ${file}`, 'Raise the limit (ulimit -n).'],
};

/** Converts an error of the file system into kind `output`. Errors of this program stay unchanged. */
export function toOutputError(error: unknown, file: string): ScrapeError | QuickscrapeError {
  if (error instanceof ScrapeError || error instanceof QuickscrapeError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const path = error instanceof Error && 'path' in error ? String(error.path) : file;
  if (code === 'ENOENT' && dirname(path) !== dirname(file)) {
    const gone = `the items that the run had collected are gone: ${path} no longer exists`;
    return new ScrapeError('output', gone, { hint: 'Was its folder deleted while it ran?', cause: error });
  }
  const [text, hint] = DESCRIPTIONS[code] ?? [
    () => `${file} cannot be written: ${String(error)}`,
    PERMISSION_HINT,
  ];
  return new ScrapeError('output', text(file), { hint, cause: error });
}

/** Syncs a folder to the disk where the file system can; the outputs in it are complete in any case. */
export async function syncOutputFolder(folder: string): Promise<void> {
  await syncFolder(folder).catch(() => undefined);
}

/** The destination of an output. */
export interface Target {
  /** With symbolic links resolved, so that a link remains a link. */
  file: string;
  /** The existing file, if any. */
  existing: Stats | undefined;
  /** Permissions of the new file. */
  mode: number;
  /** Throws if the output must not be written to `file`, or no longer. */
  check(): void;
}

/**
 * Checks an output path and creates its missing folders.
 * @param mayWrite throws for a path that the output must not be written to
 * @throws ScrapeError `output` if the path cannot be a file that is replaced; the errors of `mayWrite`
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
    // A file in a folder that is closed to others is closed to them too.
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
 * Creates a folder for outputs if it does not exist. It gets the permissions of its parent folder (less the umask):
 * under the home, 0700.
 * @returns the folder's permissions
 */
export async function createOutputFolder(folder: string): Promise<number> {
  const here = await stat(folder).catch(ignoreMissing);
  if (here !== undefined) return here.mode & 0o777;
  const parent = dirname(folder);
  const mode = (parent === folder ? 0o777 : await createOutputFolder(parent)) | 0o700;
  await mkdir(folder, { recursive: true, mode });
  // Otherwise a power loss could remove the folder, with the output in it.
  await syncOutputFolder(parent);
  return mode;
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
