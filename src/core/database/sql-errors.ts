import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { freeSpace } from '../fs/disk-space.ts';
import { isSystemError, unavailable } from '../fs/system-errors.ts';
import { type ErrorDetails, QuickscrapeError } from '../lib/errors.ts';

/** With less free space than this, in bytes, SQLite's "I/O error" is reported as a full disk. */
const MIN_FREE_BYTES = 256 * 1024;

/** Runs `work`; errors of SQLite or the system become `store_unavailable` with a hint. */
export function withSqlErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // An inner call has already added its own message.
    if (error instanceof QuickscrapeError) throw error;
    const code = sqlCode(error);
    if (code !== undefined) {
      const why = code.startsWith('SQLITE_READONLY') ? 'it is read-only' : (error as Error).message;
      throw new QuickscrapeError('store_unavailable', `${file}: ${why} (${code})`, {
        hint: hintFor(code, file),
        cause: error,
      });
    }
    if (isSystemError(error) && /^E[A-Z]+$/.test(String(error.code)))
      throw unavailable(`cannot use ${file}`, error);
    if (error instanceof Error && /^ConnectionFailed/.test(error.message)) {
      const folder = dirname(file);
      const why = existsSync(folder) ? error.message : `${folder} is not there`;
      throw new QuickscrapeError('store_unavailable', `cannot open ${file}: ${why}`, {
        hint: 'Check that the home folder exists, its permissions and the disk.',
        cause: error,
      });
    }
    throw error;
  }
}

/** The error for callers that still use a database which this process has closed. */
export function closedError(file: string): QuickscrapeError {
  return new QuickscrapeError('store_unavailable', `${file} has been closed by this program`, {
    hint: 'Open the home again: a closed JobManager cannot be used any more.',
  });
}

/**
 * Returns the SQLite error code, also of an error that {@link withSqlErrors} has wrapped; `undefined` for other
 * errors.
 */
export function sqlCode(error: unknown): string | undefined {
  const origin = error instanceof QuickscrapeError ? error.cause : error;
  if (!(origin instanceof Error) || !('code' in origin)) return undefined;
  return /^SQLITE_/.test(String(origin.code)) ? String(origin.code) : undefined;
}

/** Whether another connection held a lock that was needed. */
export function isBusy(error: unknown): boolean {
  return sqlCode(error)?.startsWith('SQLITE_BUSY') ?? false;
}

/**
 * Whether an error may mean that the file itself is damaged, rather than a problem of its disk, permissions or locks.
 * This is only a suspicion: an old handle of a replaced file gives the same errors.
 */
export function isPossibleDamage(error: unknown): boolean {
  const code = sqlCode(error);
  if (code === undefined) return false;
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) return true;
  // A damaged list of tables can be readable and incomplete.
  return (
    code === 'SQLITE_ERROR' &&
    /no such (table|column)|malformed|duplicate column|already exists/.test(messageOf(error))
  );
}

/** Runs `work`, and runs it again if a damaged file made it fail; the file has been replaced by then. */
export function retryIfDamaged<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isPossibleDamage(error)) throw error;
    return work();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function hintFor(code: string, file: string): NonNullable<ErrorDetails['hint']> {
  if (code.startsWith('SQLITE_BUSY')) return 'Another process holds the database; try again in a moment.';
  if (code.startsWith('SQLITE_FULL') || (code.startsWith('SQLITE_IOERR') && isDiskFull(file)))
    return 'The disk is full; free some space and try again.';
  if (code === 'SQLITE_IOERR_SHORT_READ')
    return 'A file beside the database may have been deleted or emptied while a program had it open. Stop all programs of this home (scheduler, dashboard, mcp, rpc) and try again; if that does not help, check the disk.';
  if (code.startsWith('SQLITE_READONLY')) return 'The home folder is not writable; check its permissions.';
  if (code.startsWith('SQLITE_CANTOPEN')) return 'Check that the home folder exists and is writable.';
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return ['The file is damaged. Job files are not affected.', { id: 'examine_home' }];
  }
  return 'Check the disk and the permissions of the home folder.';
}

function isDiskFull(file: string): boolean {
  const { bytes } = freeSpace(dirname(file));
  return bytes !== null && bytes < MIN_FREE_BYTES;
}

let listener: ((error: QuickscrapeError) => void) | undefined;

/**
 * Registers `tell`, which is called when this process loses its connection to a database. It is for processes that
 * would otherwise run on for long. It is separate from the database: a server registers before it has opened one.
 */
export function onDetached(tell: (error: QuickscrapeError) => void): void {
  listener = tell;
}

export function notifyDetached(error: QuickscrapeError): void {
  listener?.(error);
}
