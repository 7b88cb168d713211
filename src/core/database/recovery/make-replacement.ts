import { accessSync, constants, copyFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { syncToDisk } from '../../fs/atomic-file.ts';
import { findDamageIn, isWalUnusable } from '../check-integrity.ts';
import { openImmutable, openPrivateFile, query, rollBack } from '../connection.ts';
import { MIGRATIONS } from '../schema.ts';
import { listSnapshots, type Snapshot } from '../snapshots.ts';
import { sqlCode } from '../sql-errors.ts';
import {
  type HistoryPosition,
  isBehind,
  type JournalEntry,
  latestOf,
  readPosition,
  StartJournal,
} from '../start-journal.ts';
import { type DataLoss, type ReplacementSource, recordDataLoss } from './data-loss.ts';
import { replayJournal } from './stale-database.ts';

interface Candidate {
  file: string;
  source: ReplacementSource;
}

/**
 * Creates the database that replaces a damaged one: a copy of the newest undamaged snapshot, or a new database if
 * there is none. It is brought up to date with the journal of starts. It is complete and synced before it gets the
 * name `ready`.
 * @param keptAs the damaged file's new name
 * @throws errors of SQLite and the system, such as for a full disk; no temporary files are left
 */
export function makeReplacement(file: string, ready: string, keptAs: string, now: number): DataLoss {
  const temp = `${file}.rescue.tmp`;
  removeTemp(temp);
  try {
    const entries = readEntries(file);
    const lineage = latestOf(entries)?.lineage;
    const candidate = chooseSource(file, lineage, now);
    if (candidate) copyFileSync(candidate.file, temp);
    const loss = bringUpToDate(temp, entries, { at: now, kind: 'damaged', keptAs, ...source(candidate) });
    utimesSync(temp, now / 1000, now / 1000);
    syncToDisk(temp);
    renameSync(temp, ready);
    syncToDisk(dirname(file));
    return loss;
  } catch (error) {
    removeTemp(temp);
    throw error;
  }
}

function source(candidate: Candidate | undefined): Pick<DataLoss, 'source'> {
  return candidate ? { source: candidate.source } : {};
}

/**
 * Chooses between the newest usable snapshot and, if only the WAL is damaged, the database without it. Without its WAL, a
 * database has the state of the last checkpoint, which may be older than the snapshot.
 */
function chooseSource(file: string, lineage: string | undefined, now: number): Candidate | undefined {
  const main = isWalUnusable(file) ? inspect(file, lineage) : undefined;
  for (const snapshot of snapshotsOf(file, now)) {
    const found = ifReadable(snapshot.file, () => inspect(snapshot.file, lineage));
    if (found === undefined) continue;
    if (main && !(found.position && isBehind(main.position, found.position))) break;
    return { file: snapshot.file, source: { kind: 'snapshot', at: snapshot.at } };
  }
  return main && { file, source: { kind: 'without_wal' } };
}

/** The snapshots, newest first; none where their folder cannot be listed. */
function snapshotsOf(file: string, now: number): Snapshot[] {
  try {
    return listSnapshots(file, now);
  } catch {
    return [];
  }
}

/** Skips a snapshot that is gone or that this user cannot read. */
function ifReadable<T>(file: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    try {
      accessSync(file, constants.R_OK);
    } catch {
      return undefined;
    }
    throw error;
  }
}

/**
 * Reads the position of a file if it is an undamaged database of this home's history, with tables that this version
 * supports; `undefined` if it is not.
 */
function inspect(
  file: string,
  lineage: string | undefined,
): { position: HistoryPosition | undefined } | undefined {
  try {
    if (findDamageIn(() => openImmutable(file)).length > 0) return undefined;
    const connection = openImmutable(file);
    try {
      const [found] = query<{ version: number; hasFacts: number }>(
        connection,
        `SELECT user_version AS version, (SELECT count(*) FROM sqlite_master WHERE name = 'facts') AS hasFacts
         FROM pragma_user_version()`,
      );
      const { version = 0, hasFacts = 0 } = found ?? {};
      if (version === 0 || version > MIGRATIONS.length) return undefined;
      // The first versions stored no position, and had no table for it.
      const position =
        hasFacts === 0 ? undefined : readPosition((sql, params) => query(connection, sql, params));
      const isOfHome = lineage === undefined || position === undefined || position.lineage === lineage;
      return isOfHome ? { position } : undefined;
    } finally {
      connection.close();
    }
  } catch (error) {
    // A sector that cannot be read now will probably stay unreadable; other errors may be temporary.
    if (/^SQLITE_IOERR(?:_READ|_SHORT_READ)?$/.test(sqlCode(error) ?? '')) return undefined;
    throw error;
  }
}

function bringUpToDate(temp: string, entries: JournalEntry[], found: DataLoss): DataLoss {
  const target = openPrivateFile(temp);
  try {
    // The changes must be in the file that is renamed, not in a WAL beside it.
    target.exec('PRAGMA journal_mode = DELETE');
    target.exec('PRAGMA foreign_keys = ON');
    target.exec('BEGIN IMMEDIATE');
    const [version] = query<{ user_version: number }>(target, 'PRAGMA user_version');
    for (const step of MIGRATIONS.slice(version?.user_version)) target.exec(step);
    target.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    // Clears the mark of a backup, because the steps that it would trigger are done here.
    target.exec('PRAGMA application_id = 0');
    forgetUptime(target, found.at);
    const runs = query<{ n: number }>(target, 'SELECT count(*) AS n FROM runs')[0]?.n ?? 0;
    // A snapshot is complete up to its time. In a database without its WAL or a new one, any row may be missing.
    const isDamaged = found.source?.kind !== 'snapshot';
    const { rebuilt } = replayJournal(target, { entries }, found.at, { isDamaged, mayBeOlder: true });
    const loss = { ...found, runs, rebuilt };
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

/**
 * Clears a stop request, which has been fulfilled since. Also sets the time at which a scheduler was last seen to now:
 * one may have run the whole time since the snapshot.
 */
function forgetUptime(target: Libsql.Database, now: number): void {
  query(target, 'UPDATE scheduler SET stop_requested = NULL RETURNING 1');
  query(target, `UPDATE facts SET value = ? WHERE name = 'scheduler_seen_at' RETURNING 1`, [String(now)]);
}

/** Ignores a journal that cannot be read: opening the replacement reports it. */
function readEntries(file: string): JournalEntry[] {
  try {
    return new StartJournal(file).read().entries;
  } catch {
    return [];
  }
}

function removeTemp(temp: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(temp + ending, { force: true });
}
