import { chmodSync, linkSync, renameSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncToDisk } from '../../fs/atomic-file.ts';
import { fileInstant } from '../backup.ts';
import { findDamage, isEmptyWithWal, isWalUnusable } from '../check-integrity.ts';
import { BUSY_WAIT_MS, fileExists, rollBack } from '../connection.ts';
import { withChangeLock } from '../locks.ts';
import { Sqlite } from '../native-sqlite.ts';
import { isBusy, isPossibleDamage } from '../sql-errors.ts';
import { describeDataLoss } from './data-loss.ts';
import { makeReplacement } from './make-replacement.ts';

/**
 * File endings: `ready` is the complete and synced new database before it replaces the old one; `kept` is the old one.
 */
const REPLACEMENTS = [
  { ready: '.rescued', kept: '.corrupt-' },
  { ready: '.restored', kept: '.before-restore-' },
] as const;
const [RESCUED, RESTORED] = REPLACEMENTS;

/**
 * Whether a process died during a replacement. The next process that opens the database completes it.
 * @throws NodeJS.ErrnoException when the system cannot determine it
 */
export function isHalfReplaced(file: string): boolean {
  return REPLACEMENTS.some(({ ready }) => fileExists(file + ready));
}

/**
 * Replaces a damaged database with the newest undamaged snapshot or a new database; does nothing if it is not damaged.
 * The old one is saved under another name with its WAL. If several processes call this, one of them replaces the file.
 * A crash at any point leaves the damaged or the new one in place. Blocks.
 * @returns messages for users; none when the database is not damaged
 * @throws errors of SQLite and the system while another process holds the file, or it cannot be read or written now;
 *   the file stays in place
 */
export function replaceDamaged(file: string, now: number, busyWaitMs: number): string[] {
  const replace = () => {
    if (isHalfReplaced(file)) return takePlace(file);
    const [problem] = findDamage(file);
    if (problem === undefined) return [];
    // SQLite drops such a WAL when it opens or closes the file, and the missing data could not be detected any more.
    const release = isWalLost(file) ? () => {} : lockDamaged(file, busyWaitMs);
    try {
      const loss = makeReplacement(file, file + RESCUED.ready, keptName(file, RESCUED.kept, now), now);
      takePlace(file);
      return [`${describeDataLoss(loss, file)} (${problem})`];
    } finally {
      release();
    }
  };
  return withChangeLock(file, replace, changeWaitMs(busyWaitMs));
}

/**
 * Locks a database that is being replaced, as far as its damage allows a lock. Data that other processes write now
 * would be lost.
 * @returns a function that releases the lock
 * @throws SQLITE_BUSY when another process holds it for longer than `busyWaitMs`
 */
function lockDamaged(file: string, busyWaitMs: number): () => void {
  const connection = new Sqlite(file);
  try {
    connection.exec(`PRAGMA busy_timeout = ${busyWaitMs}`);
    connection.exec('BEGIN IMMEDIATE');
  } catch (error) {
    // A file that is too damaged to lock cannot be written by other processes either.
    if (isBusy(error) || !isPossibleDamage(error)) {
      connection.close();
      throw error;
    }
  }
  return () => {
    rollBack(connection);
    connection.close();
  };
}

/** Completes a replacement that another process has begun. */
export function endReplacement(file: string, busyWaitMs: number): void {
  withChangeLock(file, () => takePlace(file), changeWaitMs(busyWaitMs));
}

/** A caller with a shorter busy timeout must not block, so it does not wait long for another process's replacement. */
function changeWaitMs(busyWaitMs: number): number | undefined {
  return busyWaitMs < BUSY_WAIT_MS ? busyWaitMs : undefined;
}

/**
 * Replaces a database with an undamaged one. The old one is saved under another name, with its WAL. A crash at any
 * point leaves the old or the new one in place. Blocks.
 * @param next a synced file in the same folder; it is renamed
 * @param whenLocked called when no other process can write into the old one any more; if it throws, nothing changes
 * @returns the old one's new name; `undefined` when there was none
 * @throws errors of SQLite and the system while another process holds the old one for longer than {@link BUSY_WAIT_MS}
 */
export function putInPlace(
  file: string,
  next: string,
  now: number,
  whenLocked: () => void,
): string | undefined {
  return withChangeLock(file, () => {
    takePlace(file);
    const wasThere = fileExists(file);
    const release = wasThere && !isWalLost(file) ? lockDamaged(file, BUSY_WAIT_MS) : () => {};
    try {
      whenLocked();
      utimesSync(next, now / 1000, now / 1000);
      renameSync(next, file + RESTORED.ready);
      syncToDisk(dirname(file));
      takePlace(file);
    } finally {
      release();
    }
    return wasThere ? keptName(file, RESTORED.kept, now) : undefined;
  });
}

function takePlace(file: string): string[] {
  return REPLACEMENTS.flatMap((how) => takePlaceOf(file, how));
}

/**
 * The order of the steps matters. While the new file still has its `ready` name, each process that opens the database
 * completes the replacement first. The old WAL must be gone before the rename: SQLite would apply it to the new file.
 */
function takePlaceOf(file: string, how: (typeof REPLACEMENTS)[number]): string[] {
  const ready = statSync(file + how.ready, { throwIfNoEntry: false });
  if (!ready) return [];
  const kept = keptName(file, how.kept, ready.mtimeMs);
  // The damaged file may have permissions that let other users read it.
  for (const ending of ['', '-wal', '-shm', '-journal'])
    if (fileExists(file + ending)) chmodSync(file + ending, 0o600);
  if (fileExists(file) && !fileExists(kept)) moveAside(file, kept);
  for (const ending of ['-wal', '-shm', '-journal']) {
    if (!fileExists(file + ending)) continue;
    // If a WAL has been moved already, a process that opened the damaged file since has created this one.
    renameSync(file + ending, `${kept}${ending}${fileExists(kept + ending) ? '-later' : ''}`);
  }
  syncToDisk(dirname(file));
  renameSync(file + how.ready, file);
  syncToDisk(dirname(file));
  return how === RESCUED ? [`${file} was damaged; it is kept as ${kept}`] : [];
}

/** Whether the latest commits are in no file that SQLite would read. */
function isWalLost(file: string): boolean {
  return isWalUnusable(file) || isEmptyWithWal(file);
}

function moveAside(file: string, kept: string): void {
  try {
    linkSync(file, kept);
  } catch {
    // The file system has no hard links. The database is missing for a moment; other processes find `.rescued`.
    renameSync(file, kept);
  }
}

function keptName(file: string, kept: string, at: number): string {
  return `${file}${kept}${fileInstant(Math.round(at))}`;
}
