import { chmodSync, linkSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { fileInstant } from '../backup.ts';
import { withChangeLock } from '../change-lock.ts';
import { findDamage } from '../check-integrity.ts';
import { BUSY_WAIT_MS, rollBack, syncToDisk } from '../connection.ts';
import { fileExists } from '../file-exists.ts';
import { openPrivateFile } from '../private-file.ts';
import { MIGRATIONS } from '../schema.ts';
import { type JournalContent, StartJournal } from '../start-journal.ts';
import { isEmptyWithWal, isWalUnusable } from '../wal-header.ts';
import { type DamagedSource, lockDamaged, openDamaged } from './damaged-source.ts';
import { type DataLoss, describeDataLoss, recordDataLoss } from './data-loss.ts';
import { type SalvageResult, salvageRows } from './salvage-rows.ts';
import { replayJournal } from './stale-database.ts';

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
 * Puts a new database in the place of one that is damaged, if it is: what can be read is carried over, and the old one
 * is kept under another name with its WAL. Of several processes one does it; a crash at any point leaves the damaged
 * one or the new one in place. Blocks.
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
    const locked = isWalLost(file) ? undefined : lockDamaged(file, busyWaitMs);
    let source: DamagedSource | undefined;
    try {
      source = openDamaged(file, locked?.connection, `${file}.rescue.source.tmp`);
      const loss = rescue(file, source, now);
      takePlace(file);
      return [`${describeDataLoss(loss, file)} (${problem})`];
    } finally {
      source?.close();
      locked?.release();
    }
  };
  return withChangeLock(file, replace, changeWaitMs(busyWaitMs));
}

/** Ends a replacement that another process has begun. */
export function endReplacement(file: string, busyWaitMs: number): void {
  withChangeLock(file, () => takePlace(file), changeWaitMs(busyWaitMs));
}

/** Who has less patience than usual looks on, and waits for nobody's rescue either. */
function changeWaitMs(busyWaitMs: number): number | undefined {
  return busyWaitMs < BUSY_WAIT_MS ? busyWaitMs : undefined;
}

function rescue(file: string, source: DamagedSource, now: number): DataLoss {
  const temp = `${file}.rescue.tmp`;
  rmSync(temp, { force: true });
  rmSync(`${temp}-journal`, { force: true });
  try {
    const loss = fill(
      temp,
      source.connection,
      (found) => {
        return { at: now, kind: 'damaged', keptAs: keptName(file, RESCUED.kept, now), ...found };
      },
      entriesOf(file),
      isWalLost(file),
    );
    // Before anybody can take the replacement for done: nobody would look for the copy afterwards.
    source.close();
    utimesSync(temp, now / 1000, now / 1000);
    syncToDisk(temp);
    renameSync(temp, file + RESCUED.ready);
    syncToDisk(dirname(file));
    return loss;
  } catch (error) {
    rmSync(temp, { force: true });
    throw error;
  }
}

function fill(
  temp: string,
  source: Libsql.Database,
  lossOf: (found: SalvageResult) => DataLoss,
  entries: JournalContent['entries'],
  mayBeOlder: boolean,
): DataLoss {
  const target = openPrivateFile(temp);
  try {
    target.exec('PRAGMA foreign_keys = ON');
    target.exec('BEGIN IMMEDIATE');
    for (const step of MIGRATIONS) target.exec(step);
    target.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    const salvaged = lossOf(salvageRows(source, target));
    const { rebuilt } = replayJournal(target, { entries }, salvaged.at, { isDamaged: true, mayBeOlder });
    const loss = { ...salvaged, rebuilt };
    recordDataLoss(target, loss);
    target.exec('COMMIT');
    return loss;
  } catch (error) {
    rollBack(target);
    throw error;
  } finally {
    target.close();
  }
}

/** A journal that cannot be read is said by whoever opens what takes the damaged one's place. */
function entriesOf(file: string): JournalContent['entries'] {
  try {
    return new StartJournal(file).read().entries;
  } catch {
    return [];
  }
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
    const locked = wasThere && !isWalLost(file) ? lockDamaged(file, BUSY_WAIT_MS) : undefined;
    try {
      whenLocked();
      utimesSync(next, now / 1000, now / 1000);
      renameSync(next, file + RESTORED.ready);
      syncToDisk(dirname(file));
      takePlace(file);
    } finally {
      locked?.release();
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
