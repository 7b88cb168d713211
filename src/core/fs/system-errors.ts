import { QuickscrapeError } from '../lib/errors.ts';

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full; free some space and try again.',
  EDQUOT: 'Your disk quota is used up; free some space and try again.',
  EROFS: 'The file system is read-only; choose another home with --home.',
  EACCES: 'Check the permissions of the folder.',
  EPERM: 'Check the permissions of the folder.',
  EMFILE: 'This process has too many open files; close some or raise the limit (ulimit -n).',
  ENFILE: 'The system has too many open files; close some programs.',
  EIO: 'The disk reports an error; check it and its cables before you go on.',
  ENOENT: 'A folder is missing; was the home moved or deleted?',
};

/**
 * Converts a failed system call to `store_unavailable` with a hint. On a disk that is nearly full, no run
 * starts (disk-space.ts).
 */
export function unavailable(what: string, cause: unknown): QuickscrapeError {
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  return new QuickscrapeError('store_unavailable', `${what}: ${shortReason(message, code)}`, {
    hint: ADVICE[code] ?? 'Check the disk and the permissions of the home folder.',
    cause,
  });
}

/** Without the system's call and its file, which may be a temporary one: `read-only file system (EROFS)`. */
function shortReason(message: string, code: string): string {
  if (/readonly database/.test(message)) return 'it is read-only';
  const [, text] = /^E[A-Z]+: (.+?), [a-z]+(?: '.*)?$/.exec(message) ?? [];
  return text === undefined ? message : `${text} (${code})`;
}

/**
 * Runs `work` and returns its result. A failed system call becomes `store_unavailable`; other errors stay.
 * @param what as in "cannot …"
 */
export function wrapUnavailable<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isSystemError(error) ? unavailable(what, error) : error;
  }
}

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && !(error instanceof QuickscrapeError);
}

/** Runs `work` and returns its result; `undefined` when it fails with `store_unavailable`. */
export function ifAvailable<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof QuickscrapeError && error.code === 'store_unavailable') return undefined;
    throw error;
  }
}
