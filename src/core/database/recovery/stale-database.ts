import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Libsql from 'libsql';
import { MINUTE_MS } from '../../lib/clock.ts';
import { listFolder } from '../../lib/list-folder.ts';
import { pluralize } from '../../lib/text.ts';
import { isRunId } from '../../model/ids.ts';
import { query, rollBack } from '../connection.ts';
import { restoreRuns } from '../journal-writer.ts';
import {
  firstPosition,
  furthest,
  type HistoryPosition,
  isBehind,
  type JournalContent,
  latestOf,
  nextGeneration,
  type RunQuery,
  readPosition,
  StartJournal,
  writePosition,
} from '../start-journal.ts';
import { type DataLoss, describeDataLoss, distrustState, readDataLoss, recordDataLoss } from './data-loss.ts';
import { runtimeCopyIn } from './runtime-copy.ts';

/**
 * Compares a database that has just been opened with the journal of starts. An outdated database would start
 * occurrences a second time, for example a restored copy or one whose WAL was lost. If it is outdated, no occurrence
 * before now is started any more, runs that the journal contains are restored, and the loss is recorded.
 * @param now the instant with which this opening has recorded other losses
 * @returns messages for users
 */
export function detectStaleDatabase(file: string, connection: Libsql.Database, now: number): string[] {
  const journal = new StartJournal(file);
  const ask: RunQuery = (sql, params) => query(connection, sql, params);
  let latest: HistoryPosition | undefined;
  try {
    // Read before the database is: writers increment the position in the database first.
    latest = journal.latest();
  } catch (error) {
    return [`${journal.file} cannot be read, and no run starts without it: ${(error as Error).message}`];
  }
  const position = readPosition(ask);
  if (position && latest && !isBehind(position, latest)) {
    if (position.generation > latest.generation) appendPosition(journal, position);
    return [];
  }
  // A new home: no run has started, and the journal does not exist.
  if (position?.count === 0 && !latest && !journal.read().exists) return [];
  connection.exec('BEGIN IMMEDIATE');
  let said: string[];
  let next: HistoryPosition;
  try {
    ({ said, next } = compareWithJournal(file, connection, ask, journal.read(), now));
    connection.exec('COMMIT');
  } catch (error) {
    rollBack(connection);
    throw error;
  }
  appendPosition(journal, next);
  return said;
}

/**
 * Describes the differences between a database and its journal; changes nothing.
 * @throws errors of SQLite
 */
export function describeJournalMismatch(file: string, connection: Libsql.Database): string[] {
  const position = readPosition((sql, params) => query(connection, sql, params));
  const journal = new StartJournal(file);
  let content: JournalContent;
  try {
    content = journal.read();
  } catch (error) {
    return [
      `its journal of starts, ${journal.file}, cannot be read, and no run starts without it: ${(error as Error).message}`,
    ];
  }
  const latest = latestOf(content.entries);
  const said: string[] = [];
  if (latest !== undefined && isBehind(position, latest))
    said.push(
      'is older than its journal of starts (starts.log): an old copy was put back, or the newest changes were lost; once it is used, nothing that was due before then starts',
    );
  if (content.garbled > 0)
    said.push(
      `has a journal of starts, ${journal.file}, in which ${pluralize(content.garbled, 'line')} cannot be read`,
    );
  return said;
}

/** Repeats the comparison within the transaction, because another process may have made it meanwhile. */
function compareWithJournal(
  file: string,
  connection: Libsql.Database,
  ask: RunQuery,
  journal: JournalContent,
  now: number,
): { said: string[]; next: HistoryPosition } {
  const position = readPosition(ask);
  const latest = latestOf(journal.entries);
  if (position && latest && !isBehind(position, latest)) return { said: [], next: position };
  if (latest) {
    const { rebuilt, next } = replayJournal(connection, journal, now, {
      isDamaged: false,
      mayBeOlder: true,
    });
    const loss = toStaleLoss(
      readDataLoss({
        get: <T>(sql: string, params: readonly string[]) => query<T>(connection, sql, params)[0],
      }),
      now,
      rebuilt,
    );
    recordDataLoss(connection, loss);
    return { said: [describeDataLoss(loss, file) ?? []].flat(), next };
  }
  const next = position ? nextGeneration(position) : firstPosition();
  writePosition(ask, next);
  // A database of an older version, or a new one, has never had a journal.
  if (!position || (position.count === 0 && !journal.exists)) return { said: [], next };
  const what = journal.exists ? 'cannot be read' : 'is missing';
  const said = [
    `${join(dirname(file), 'starts.log')}, the journal of starts, ${what}: a new one begins, and ${file} counts as far as the run folders agree`,
  ];
  return { said: [...said, ...distrustStateBelowFiles(file, connection, ask, now)], next };
}

/**
 * Compares a database that agrees with its journal with the run folders and the job files, because database and
 * journal may have been restored together. This takes a moment, so only processes that start runs request it. If the
 * files are newer, no occurrence before now is started any more, and the loss is recorded.
 * @returns messages for users
 */
export function detectStaleByFiles(file: string, connection: Libsql.Database, now: number): string[] {
  const ask: RunQuery = (sql, params) => query(connection, sql, params);
  const { folders, jobFiles } = newerFiles(file, ask, now);
  if (folders + jobFiles === 0) return [];
  connection.exec('BEGIN IMMEDIATE');
  let next: HistoryPosition;
  let said: string[];
  try {
    said = distrustStateBelowFiles(file, connection, ask, now);
    next = nextGeneration(readPosition(ask) ?? firstPosition());
    if (said.length > 0) writePosition(ask, next);
    connection.exec('COMMIT');
  } catch (error) {
    rollBack(connection);
    throw error;
  }
  if (said.length > 0) appendPosition(new StartJournal(file), next);
  return said;
}

/** Call it within a transaction. */
function distrustStateBelowFiles(
  file: string,
  connection: Libsql.Database,
  ask: RunQuery,
  now: number,
): string[] {
  const { folders, jobFiles } = newerFiles(file, ask, now);
  if (folders + jobFiles === 0) return [];
  distrustState(connection, now, { mayBeOlder: true });
  const loss: DataLoss = { at: now, kind: 'older', folders, jobFiles };
  recordDataLoss(connection, loss);
  return [describeDataLoss(loss, file) ?? []].flat();
}

/**
 * Brings a database up to date with the journal. The database is older than its journal, new beside it, or salvaged
 * from a damaged one. Runs that only the journal contains are restored, no occurrence before `now` is started any
 * more, and a new generation begins. Call it within a transaction.
 * @param how.isDamaged whether any row may be missing, not only the newest ones
 * @param how.mayBeOlder whether the database may be outdated even if the journal does not show it
 */
export function replayJournal(
  connection: Libsql.Database,
  { entries }: Pick<JournalContent, 'entries'>,
  now: number,
  how: { isDamaged: boolean; mayBeOlder: boolean },
): { rebuilt: number; next: HistoryPosition } {
  const ask: RunQuery = (sql, params) => query(connection, sql, params);
  const position = readPosition(ask);
  const latest = latestOf(entries);
  const isOlder = latest !== undefined && isBehind(position, latest);
  const unknown = how.isDamaged
    ? entries
    : entries.filter((entry) => !position || isBehind(position, entry.position));
  const runs = unknown.map(({ run }) => run).filter((run) => run !== undefined);
  const rebuilt = restoreRuns(ask, runs);
  distrustState(connection, now, { mayBeOlder: how.mayBeOlder || isOlder });
  const isOurs = latest !== undefined && latest.lineage === position?.lineage;
  const next = nextGeneration(isOurs ? furthest(position, latest) : (latest ?? position ?? firstPosition()));
  writePosition(ask, next);
  return { rebuilt, next };
}

/** A replacement within this time before now counts as part of the same loss, in milliseconds. */
const SAME_LOSS_MS = MINUTE_MS;

/** A loss that this opening, or a replacement shortly before it, has recorded is more precise than `older`. */
function toStaleLoss(noted: DataLoss | undefined, now: number, rebuilt: number): DataLoss {
  const isSame = noted?.at === now || (noted?.kind === 'damaged' && now - noted.at < SAME_LOSS_MS);
  return noted && isSame ? { ...noted, at: now, rebuilt } : { at: now, kind: 'older', rebuilt };
}

/** Ignores errors: the entry of the first start records the position as well, and no run starts without it. */
function appendPosition(journal: StartJournal, position: HistoryPosition): void {
  try {
    journal.append([{ position }]);
  } catch {}
}

/** Counts of the files beside a database that are newer than everything in it. */
interface NewerFiles {
  /** Run folders without a row. */
  folders: number;
  /** Job files with a `last_run` that the database lacks. */
  jobFiles: number;
}

/** The newest instant in the database, including a recorded loss, in epoch milliseconds. */
const NEWEST = `SELECT max(at) AS at FROM (
  SELECT max(queued_at, coalesce(started_at, 0), coalesce(finished_at, 0)) AS at FROM runs
  UNION ALL SELECT last_run FROM job_state
  UNION ALL SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'scheduler_seen_at'
  UNION ALL SELECT value ->> '$.at' FROM facts WHERE name = 'database_loss' AND json_valid(value))`;

/** Counts the newer files beside the database `file`. Only folders and files that changed since are read. */
function newerFiles(file: string, ask: RunQuery, now: number): NewerFiles {
  const home = dirname(file);
  const [{ at: newest } = { at: null }] = ask(NEWEST, []) as { at: number | null }[];
  return {
    folders: foldersAfter(join(home, 'runs'), newest ?? 0, ask),
    jobFiles: jobFilesAfter(join(home, 'jobs'), newest ?? 0, ask, now),
  };
}

function foldersAfter(runs: string, newest: number, ask: RunQuery): number {
  const changed = (path: string) => modifiedAt(path) > newest;
  let after = 0;
  // In a copied home, or after the removal of old runs, folders have changed since they were created.
  for (const ofJob of listFolder(runs).map((name) => join(runs, name)))
    for (const runId of changed(ofJob) ? listFolder(ofJob).filter(isRunId) : [])
      if (
        changed(join(ofJob, runId)) &&
        firstLogInstant(join(ofJob, runId, 'run.log')) > newest &&
        ask('SELECT 1 FROM runs WHERE run_id = ?', [runId]).length === 0
      )
        after += 1;
  return after;
}

function jobFilesAfter(jobs: string, newest: number, ask: RunQuery, now: number): number {
  return listFolder(jobs).filter((name) => {
    const path = join(jobs, name);
    if (!name.endsWith('.json') || modifiedAt(path) <= newest) return false;
    if ((runtimeCopyIn(path, now)?.lastRun ?? 0) <= newest) return false;
    // A job that the database lacks may have run in another home.
    const id = name.slice(0, -'.json'.length);
    return ask('SELECT 1 FROM job_state WHERE job_id = ?', [id]).length > 0;
  }).length;
}

/** Epoch milliseconds; 0 if the path does not exist. */
function modifiedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** The instant of a log's first line, in epoch milliseconds; 0 where there is none. */
function firstLogInstant(log: string): number {
  const start = Buffer.alloc('2026-11-28T19:36:25.629Z'.length);
  try {
    const fd = openSync(log, 'r');
    try {
      readSync(fd, start, 0, start.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return 0;
  }
  return Date.parse(start.toString('latin1')) || 0;
}
