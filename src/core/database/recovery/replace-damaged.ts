import { chmodSync, linkSync, renameSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { fileInstant } from '../backup.ts';
import { findDamage, isEmptyWithWal, isWalUnusable } from '../check-integrity.ts';
import { BUSY_WAIT_MS, fileExists, rollBack, syncToDisk } from '../connection.ts';
import { withChangeLock } from '../locks.ts';
import { isBusy, isPossibleDamage } from '../sql-errors.ts';
import { describeDataLoss } from './data-loss.ts';
import { makeReplacement } from './make-replacement.ts';

/** The new database, complete and on the disk, before it takes the old one's place; and what the old one is kept as. */
const REPLACEMENTS = [
  { ready: '.rescued', kept: '.corrupt-' },
  { ready: '.restored', kept: '.before-restore-' },
] as const;
const [RESCUED, RESTORED] = REPLACEMENTS;

/**
 * Whether a replacement was begun and its process died over it: whoever opens the database next ends it.
 * @throws what the system says when it cannot tell
 */
export function isHalfReplaced(file: string): boolean {
  return REPLACEMENTS.some(({ ready }) => fileExists(file + ready));
}

/**
 * Puts the newest whole snapshot, or a new database, in the place of one that is damaged, if it is; the old one is kept
 * under another name with its WAL. Of several processes one does it; a crash at any point leaves the damaged one or the
 * new one in place. Blocks.
 * @returns messages for people; none when the database turned out not to be damaged
 * @throws what SQLite and the system throw while the file is held by somebody, or cannot be read or written now: it
 *   stays where it is
 */
export function replaceDamaged(file: string, now: number, busyWaitMs: number): string[] {
  const replace = () => {
    if (isHalfReplaced(file)) return takePlace(file);
    const [problem] = findDamage(file);
    if (problem === undefined) return [];
    // SQLite drops such a WAL when it opens or closes the file, and then nobody could tell that anything is missing.
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
 * Keeps other processes from writing into a database that is replaced, as far as its damage allows a lock at all: what
 * they wrote now would be lost.
 * @returns what gives the lock back
 * @throws SQLITE_BUSY when somebody holds it for longer than `busyWaitMs`
 */
function lockDamaged(file: string, busyWaitMs: number): () => void {
  const connection = new Libsql(file);
  try {
    connection.exec(`PRAGMA busy_timeout = ${busyWaitMs}`);
    connection.exec('BEGIN IMMEDIATE');
  } catch (error) {
    // A file that cannot be locked for its damage cannot be written by others either.
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

/** Ends a replacement that another process has begun. */
export function endReplacement(file: string, busyWaitMs: number): void {
  withChangeLock(file, () => takePlace(file), changeWaitMs(busyWaitMs));
}

/** Who has less patience than usual looks on, and waits for nobody's rescue either. */
function changeWaitMs(busyWaitMs: number): number | undefined {
  return busyWaitMs < BUSY_WAIT_MS ? busyWaitMs : undefined;
}

/**
 * Puts a whole database in the place of another one, which is kept under another name, with its WAL. A crash at any point
 * leaves the old or the new one in place. Blocks.
 * @param next a file beside it, on the disk; it is moved
 * @param whenLocked is called when nobody else can write into the old one any more; when it throws, all stays as it is
 * @returns what the old one is kept as; `undefined` when there was none
 * @throws what SQLite and the system throw while somebody holds the old one for longer than {@link BUSY_WAIT_MS}
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
 * The order matters: as long as the new file is there under its name of before, nobody opens the database without ending
 * this first. The old WAL must be gone before the new file comes, which SQLite would apply it to.
 */
function takePlaceOf(file: string, how: (typeof REPLACEMENTS)[number]): string[] {
  const ready = statSync(file + how.ready, { throwIfNoEntry: false });
  if (!ready) return [];
  const kept = keptName(file, how.kept, ready.mtimeMs);
  // Whoever put the damaged file there may have left it open to others.
  for (const ending of ['', '-wal', '-shm', '-journal'])
    if (fileExists(file + ending)) chmodSync(file + ending, 0o600);
  if (fileExists(file) && !fileExists(kept)) moveAside(file, kept);
  for (const ending of ['-wal', '-shm', '-journal']) {
    if (!fileExists(file + ending)) continue;
    // Where a WAL has been moved already, another one is from somebody who opened the damaged file since.
    renameSync(file + ending, `${kept}${ending}${fileExists(kept + ending) ? '-later' : ''}`);
  }
  syncToDisk(dirname(file));
  renameSync(file + how.ready, file);
  syncToDisk(dirname(file));
  return how === RESCUED ? [`${file} was damaged; it is kept as ${kept}`] : [];
}

/** Whether what was committed last is in no file that SQLite would read. */
function isWalLost(file: string): boolean {
  return isWalUnusable(file) || isEmptyWithWal(file);
}

function moveAside(file: string, kept: string): void {
  try {
    linkSync(file, kept);
  } catch {
    // A file system without hard links: the place is empty for a moment, and whoever comes sees `.rescued`.
    renameSync(file, kept);
  }
}

function keptName(file: string, kept: string, at: number): string {
  return `${file}${kept}${fileInstant(Math.round(at))}`;
}
