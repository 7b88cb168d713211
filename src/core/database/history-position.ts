import { randomBytes } from 'node:crypto';
import type { SqlValue } from './connection.ts';

/**
 * How far a history has come. Each start, end and decision counts it up, in the transaction that writes it, and the
 * journal of starts beside the database is told: a database that says less than its journal is older than the truth.
 */
export interface HistoryPosition {
  /** Which home's history: the same in its copies and backups. */
  lineage: string;
  /** Which generation of it: a new one begins when the database turned out to be older, or the journal was lost. */
  generation: number;
  /** Tells two generations of the same number apart, which went on from the same one. */
  branch: string;
  /** How many entries the history has had. */
  count: number;
}

/** Runs a statement and gives its rows. */
export type RunQuery = (sql: string, params: readonly SqlValue[]) => unknown[];

/** Under this name `facts` holds the position, as {@link formatPosition} writes it. */
const METADATA_KEY = 'history_position';

/** The position of a history that begins now. */
export function firstPosition(): HistoryPosition {
  return { lineage: randomWord(8), generation: 1, branch: randomWord(4), count: 0 };
}

/** The same history, in a generation of its own: what others write of the one before is not taken for this one's. */
export function nextGeneration(position: HistoryPosition): HistoryPosition {
  return { ...position, generation: position.generation + 1, branch: randomWord(4) };
}

/** `undefined` for a database that an older version has written. */
export function readPosition(ask: RunQuery): HistoryPosition | undefined {
  // In words of its own: a statement of libsql that has given all rows goes wrong when it is asked for one (0.5.29).
  const [row] = ask('SELECT value AS position FROM facts WHERE name = ?', [METADATA_KEY]) as {
    position: string;
  }[];
  return row && parsePosition(row.position);
}

export function writePosition(ask: RunQuery, position: HistoryPosition): void {
  ask('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?) RETURNING 1', [
    METADATA_KEY,
    formatPosition(position),
  ]);
}

/** `<lineage>.<generation>.<branch>.<count>` */
export function formatPosition({ lineage, generation, branch, count }: HistoryPosition): string {
  return `${lineage}.${generation}.${branch}.${count}`;
}

/** `undefined` for a text that {@link formatPosition} would not write. */
export function parsePosition(text: string): HistoryPosition | undefined {
  const [, lineage = '', generation, branch = '', count] =
    /^([0-9a-f]{8})\.(\d{1,9})\.([0-9a-f]{4})\.(\d{1,15})$/.exec(text) ?? [];
  if (lineage === '') return undefined;
  return { lineage, generation: Number(generation), branch, count: Number(count) };
}

/** Whether a database at `database` lacks something that a journal at `journal` has been told of. */
export function isBehind(database: HistoryPosition | undefined, journal: HistoryPosition): boolean {
  if (database?.lineage !== journal.lineage) return true;
  if (database.generation !== journal.generation) return database.generation < journal.generation;
  return database.branch !== journal.branch || database.count < journal.count;
}

/** The one that is further on; of one lineage. */
export function furthest(a: HistoryPosition, b: HistoryPosition): HistoryPosition {
  if (a.generation !== b.generation) return a.generation > b.generation ? a : b;
  return a.count >= b.count ? a : b;
}

function randomWord(letters: number): string {
  return randomBytes(letters / 2).toString('hex');
}
