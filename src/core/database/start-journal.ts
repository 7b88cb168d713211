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

/** What a row of `runs` was, by column, right after the transaction that is told of. */
export type JournalRun = Record<string, string | number | null>;

/** One line of the journal. */
export interface JournalEntry {
  position: HistoryPosition;
  /** Left out when it says only that something was decided. */
  run?: JournalRun;
}

/** What can be read of a journal. */
export interface JournalContent {
  /** In the order in which they were written. */
  entries: JournalEntry[];
  /** Lines that are not as they were written. One that a crash or a full disk cut short is not counted. */
  garbled: number;
  /** Whether there is a journal at all. */
  isThere: boolean;
}

/** A journal that has grown beyond this is put aside, and a new one begun, in bytes: two of them are kept. */
const ROTATE_BYTES = 1024 * 1024;
/** As much of its end holds the latest entries, in bytes. */
const TAIL_READ_BYTES = 16 * 1024;
/** What is longer was not written by us, in bytes. */
const MAX_READ_BYTES = 64 * 1024 * 1024;
/** Neither through a link nor into a pipe that nobody reads. */
const SAFE_FLAGS = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The journal of starts: a file of lines beside the database, to which each process adds what it has just committed,
 * before it acts on it. It outlives what happens to the database and its WAL. A line is the CRC-32 of its JSON, a blank
 * and the JSON; it begins with a line break, so that one that was cut short spoils no other.
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
   * Adds lines, all at once; they are on the disk when this returns, unless `isSynced` is false.
   * @throws what the system says; some of it may have been written
   */
  append(entries: readonly JournalEntry[], isSynced = true): void {
    const text = Buffer.from(entries.map(lineOf).join(''));
    // What went into a journal that has been thrown away meanwhile is written once more.
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

  /** Begins a new one when it is large. Call it while nobody else can: in a transaction of the database. */
  rotateIfLarge(): void {
    try {
      const found = statSync(this.file, { throwIfNoEntry: false });
      if (found?.isFile() && found.size > ROTATE_BYTES) renameSync(this.file, this.#previous);
    } catch {
      // It grows until it can be done.
    }
  }

  /**
   * How far the history has come, by the end of the journal.
   * @returns `undefined` when nothing there says so
   * @throws what the system says when it cannot be read
   */
  latest(): HistoryPosition | undefined {
    return (
      latestOf(parse(this.#read(this.file, TAIL_READ_BYTES) ?? '').entries) ?? latestOf(this.read().entries)
    );
  }

  /** @throws what the system says when it cannot be read */
  read(): JournalContent {
    const parts = [this.#read(this.#previous, MAX_READ_BYTES), this.#read(this.file, MAX_READ_BYTES)];
    const parsed = parts.map((text) => parse(text ?? ''));
    return {
      entries: parsed.flatMap(({ entries }) => entries),
      garbled: parsed.reduce((sum, { garbled }) => sum + garbled, 0),
      isThere: parts.some((text) => text !== undefined),
    };
  }

  /** The last `most` bytes of a file, from the beginning of a line on; `undefined` when it is not there. */
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

/** The furthest position of the lineage and branch that was written last. */
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
