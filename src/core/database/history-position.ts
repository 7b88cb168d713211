import { randomBytes } from 'node:crypto';
import type { SqlValue } from './connection.ts';

/**
 * The position in a history of runs. Each start, end and decision increments it in the transaction that writes the
 * change. The journal of starts beside the database records it as well. A database with a lower position than its
 * journal is outdated.
 */
export interface HistoryPosition {
  /** The identity of the home's history; copies and backups share it. */
  lineage: string;
  /** The generation. A new one begins when the database turned out to be outdated, or the journal was lost. */
  generation: number;
  /** Distinguishes two generations with the same number that continue from the same predecessor. */
  branch: string;
  /** The number of entries in the history. */
  count: number;
}

/** Runs a statement and returns its rows. */
export type RunQuery = (sql: string, params: readonly SqlValue[]) => unknown[];

/** The name of the row in `facts` that holds the position, in the format of {@link formatPosition}. */
const METADATA_KEY = 'history_position';

/** Returns the position of a history that begins now. */
export function firstPosition(): HistoryPosition {
  return { lineage: randomWord(8), generation: 1, branch: randomWord(4), count: 0 };
}

/** Returns the same history in a new generation, so that later entries of the previous one do not count for it. */
export function nextGeneration(position: HistoryPosition): HistoryPosition {
  return { ...position, generation: position.generation + 1, branch: randomWord(4) };
}

/** Reads the position; `undefined` for a database that an older version has written. */
export function readPosition(ask: RunQuery): HistoryPosition | undefined {
  // The alias makes this text unique: a libsql statement that ran `all` must not run `get` later (0.5.29).
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

/** Formats a position as `<lineage>.<generation>.<branch>.<count>`. */
export function formatPosition({ lineage, generation, branch, count }: HistoryPosition): string {
  return `${lineage}.${generation}.${branch}.${count}`;
}

/** Parses a position; `undefined` for a text that {@link formatPosition} does not produce. */
export function parsePosition(text: string): HistoryPosition | undefined {
  const [, lineage = '', generation, branch = '', count] =
    /^([0-9a-f]{8})\.(\d{1,9})\.([0-9a-f]{4})\.(\d{1,15})$/.exec(text) ?? [];
  if (lineage === '') return undefined;
  return { lineage, generation: Number(generation), branch, count: Number(count) };
}

/** Whether a database at position `database` lacks something that a journal at position `journal` contains. */
export function isBehind(database: HistoryPosition | undefined, journal: HistoryPosition): boolean {
  if (database?.lineage !== journal.lineage) return true;
  if (database.generation !== journal.generation) return database.generation < journal.generation;
  return database.branch !== journal.branch || database.count < journal.count;
}

/** Returns the later of two positions of the same lineage. */
export function furthest(a: HistoryPosition, b: HistoryPosition): HistoryPosition {
  if (a.generation !== b.generation) return a.generation > b.generation ? a : b;
  return a.count >= b.count ? a : b;
}

function randomWord(letters: number): string {
  return randomBytes(letters / 2).toString('hex');
}
