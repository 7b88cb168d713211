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
import { syncToDisk } from './connection.ts';
import { formatPosition, furthest, type HistoryPosition, parsePosition } from './history-position.ts';

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
  isThere: boolean;
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
      isThere: parts.some((text) => text !== undefined),
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
