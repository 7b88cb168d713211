import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncToDisk } from '../fs/atomic-file.ts';
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
function formatPosition({ lineage, generation, branch, count }: HistoryPosition): string {
  return `${lineage}.${generation}.${branch}.${count}`;
}

/** Parses a position; `undefined` for a text that {@link formatPosition} does not produce. */
function parsePosition(text: string): HistoryPosition | undefined {
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

/** A row of `runs`, by column, at the end of the transaction that the entry records. */
export type JournalRun = Record<string, string | number | null>;

/** One line of the journal. */
export interface JournalEntry {
  position: HistoryPosition;
  /** Omitted when the entry records only a decision. */
  run?: JournalRun;
}

/** The readable content of a journal. */
export interface JournalContent {
  /** In the order in which they were written. */
  entries: JournalEntry[];
  /** The number of corrupted lines. A line that a crash or a full disk cut short does not count. */
  garbled: number;
  /** Whether a journal exists. */
  exists: boolean;
}

/** A journal that grows beyond this size, in bytes, is rotated; the latest two files are retained. */
const ROTATE_BYTES = 1024 * 1024;
/** The end of the file that contains the latest entries, in bytes. */
const TAIL_READ_BYTES = 16 * 1024;
/** A longer journal was not written by this program, in bytes. */
const MAX_READ_BYTES = 64 * 1024 * 1024;
/** Prevents opening through a link, and blocking on a pipe without a reader. */
const SAFE_FLAGS = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The journal of starts: a text file beside the database. Each process appends what it has just committed before it
 * acts on it. The journal survives damage to the database and its WAL. A line is the CRC-32 of its JSON, a blank and
 * the JSON. It begins with a line break, so that a truncated line does not corrupt the next one.
 */
export class StartJournal {
  readonly file: string;
  readonly #previous: string;

  /** @param database the file of the database that it belongs to */
  constructor(database: string) {
    this.file = join(dirname(database), 'starts.log');
    this.#previous = `${this.file}.1`;
  }

  /**
   * Appends all lines together. They are synced to the disk, unless `isSynced` is false.
   * @throws NodeJS.ErrnoException when the write fails; a part may have been written
   */
  append(entries: readonly JournalEntry[], isSynced = true): void {
    const text = Buffer.from(entries.map(lineOf).join(''));
    // The journal may have been deleted during the write; then the entries are written again.
    if (!this.#write(text, isSynced)) this.#write(text, isSynced);
  }

  #write(text: Buffer, isSynced: boolean): boolean {
    const fd = openSync(
      this.file,
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | SAFE_FLAGS,
      0o600,
    );
    try {
      const { size } = fstatSync(fd);
      if (size === 0) fchmodSync(fd, 0o600);
      for (let written = 0; written < text.length; )
        written += writeSync(fd, text, written, text.length - written);
      if (isSynced) fsyncSync(fd);
      if (isSynced && size === 0) syncToDisk(dirname(this.file));
      return fstatSync(fd).nlink > 0;
    } finally {
      closeSync(fd);
    }
  }

  /** Rotates a large journal. Call it within a transaction of the database, so that no other process does so too. */
  rotateIfLarge(): void {
    try {
      const found = statSync(this.file, { throwIfNoEntry: false });
      if (found?.isFile() && found.size > ROTATE_BYTES) renameSync(this.file, this.#previous);
    } catch {
      // The journal grows until it can be rotated.
    }
  }

  /**
   * Returns the position at the end of the journal.
   * @returns `undefined` when the journal contains no position
   * @throws NodeJS.ErrnoException when the journal cannot be read
   */
  latest(): HistoryPosition | undefined {
    return (
      latestOf(parse(this.#read(this.file, TAIL_READ_BYTES) ?? '').entries) ?? latestOf(this.read().entries)
    );
  }

  /** @throws NodeJS.ErrnoException when the journal cannot be read */
  read(): JournalContent {
    const parts = [this.#read(this.#previous, MAX_READ_BYTES), this.#read(this.file, MAX_READ_BYTES)];
    const parsed = parts.map((text) => parse(text ?? ''));
    return {
      entries: parsed.flatMap(({ entries }) => entries),
      garbled: parsed.reduce((sum, { garbled }) => sum + garbled, 0),
      exists: parts.some((text) => text !== undefined),
    };
  }

  /** Reads the last `maxBytes` bytes of a file, from the beginning of a line; `undefined` when the file is missing. */
  #read(file: string, maxBytes: number): string | undefined {
    let fd: number;
    try {
      fd = openSync(file, constants.O_RDONLY | SAFE_FLAGS);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const { size } = fstatSync(fd);
      const bytes = Buffer.alloc(Math.min(size, maxBytes));
      const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
      const text = bytes.toString('utf8', 0, read);
      return size > bytes.length ? text.slice(text.indexOf('\n')) : text;
    } finally {
      closeSync(fd);
    }
  }
}

/** Returns the furthest position of the lineage that was written last. */
export function latestOf(entries: readonly JournalEntry[]): HistoryPosition | undefined {
  const lineage = entries.at(-1)?.position.lineage;
  return entries
    .map(({ position }) => position)
    .filter((position) => position.lineage === lineage)
    .reduce<HistoryPosition | undefined>((a, b) => (a ? furthest(a, b) : b), undefined);
}

function lineOf({ position, run }: JournalEntry): string {
  const json = JSON.stringify({ position: formatPosition(position), ...(run && { run }) });
  return `\n${checksum(json)} ${json}`;
}

function parse(text: string): { entries: JournalEntry[]; garbled: number } {
  const lines = text.split('\n').filter((line) => line !== '');
  const entries = lines.map(parseLine);
  return {
    entries: entries.filter((entry) => entry !== undefined),
    garbled: lines.filter((line, index) => entries[index] === undefined && line.endsWith('}')).length,
  };
}

function parseLine(line: string): JournalEntry | undefined {
  const json = line.slice(9);
  if (line.slice(0, 8) !== checksum(json)) return undefined;
  const { position, run } = JSON.parse(json) as { position: string; run?: JournalRun };
  const at = parsePosition(position);
  return at && { position: at, ...(run && { run }) };
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
