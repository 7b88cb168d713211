import { dirname } from 'node:path';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

type Description = readonly [text: (file: string) => string, hint: string];

const PERMISSION_HINT = 'Choose another output path, or change the permissions of the folder.';
const SPACE_HINT =
  'Free some space or choose an output path on another disk. What was there before is unchanged.';

const DESCRIPTIONS: Record<string, Description> = {
  ENOSPC: [(file) => `no space left on the disk of ${file}`, SPACE_HINT],
  EDQUOT: [(file) => `the disk quota for ${file} is used up`, SPACE_HINT],
  EACCES: [(file) => `not allowed to write in ${dirname(file)}`, PERMISSION_HINT],
  EPERM: [(file) => `not allowed to write in ${dirname(file)}`, PERMISSION_HINT],
  EROFS: [(file) => `${file} lies on a read-only disk`, 'Choose another output path.'],
  EISDIR: [(file) => `${file} is a folder`, 'Choose the path of a file.'],
  ENOTDIR: [(file) => `a part of ${dirname(file)} is a file, not a folder`, 'Choose another output path.'],
  EEXIST: [(file) => `a part of ${dirname(file)} is a file, not a folder`, 'Choose another output path.'],
  ENAMETOOLONG: [(file) => `the name of ${file} is too long for the disk`, 'Choose a shorter output path.'],
  EMFILE: [(file) => `too many open files to write ${file}`, 'Raise the limit (ulimit -n).'],
};

/** Turns a failure of the file system into kind `output`; an error of ours stays as it is. */
export function toOutputError(error: unknown, file: string): ScrapeError | QuickscrapeError {
  if (error instanceof ScrapeError || error instanceof QuickscrapeError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const path = error instanceof Error && 'path' in error ? String(error.path) : file;
  if (code === 'ENOENT' && dirname(path) !== dirname(file)) {
    const gone = `what the run had collected is gone: there is no ${path} any more`;
    return new ScrapeError('output', gone, { hint: 'Was its folder deleted while it ran?', cause: error });
  }
  const [text, hint] = DESCRIPTIONS[code] ?? [
    () => `${file} cannot be written: ${String(error)}`,
    PERMISSION_HINT,
  ];
  return new ScrapeError('output', text(file), { hint, cause: error });
}
