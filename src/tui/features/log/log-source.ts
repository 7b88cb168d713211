import { type FileHandle, open } from 'node:fs/promises';
import { isSystemError, unavailable } from '../../../core/fs/system-errors.ts';
import {
  includesText,
  matchesFilter,
  type PartialLine,
  type RawLine,
  splitLines,
  startLine,
  toLogLines,
  unfinishedLine,
} from './log-line.ts';
import type { LogFilter, LogLevel, LogLine, LogPage } from './model.ts';

const CHUNK = 256 * 1024;
/** The approximate size of a page in bytes. */
const PAGE_BYTES = 1 << 20;
/** Identifies a position in a log. It is enough, because a line starts with its time. */
const FINGERPRINT_BYTES = 64;
/** Stands for the inode of a missing log. */
const NO_FILE = 0;
/** The maximum number of matches. A user does not go through more one by one. */
const MAX_HITS = 100_000;

/** The changes of a log since the last read. */
export type LogNews =
  | { readonly kind: 'same' }
  /** The page continues where the last one ended. */
  | { readonly kind: 'added'; readonly page: LogPage }
  /** The log was cut, restarted or replaced, so known byte offsets are invalid. The page is its current end. */
  | { readonly kind: 'renewed'; readonly page: LogPage };

/**
 * A run's log on the disk. Other processes write to it, cut its middle (`src/core/runs/cap-log.ts`) or remove it.
 * No file stays open between reads. A missing log is empty.
 */
export class LogSource {
  readonly #file: string;
  #open: PartialLine = startLine(0);
  #level: LogLevel | null = null;
  #inode = NO_FILE;
  /** The bytes before the open line. They detect a cut after which the file has grown again. */
  #mark: Uint8Array = new Uint8Array();

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Reads the end of the log; {@link news} continues from there.
   * @throws QuickscrapeError `store_unavailable`
   */
  async end(): Promise<LogPage> {
    return this.#withFile(async (file, size, inode) => {
      const { lines, from, open: rest } = await linesBefore(file, size);
      this.#inode = inode;
      await this.#note(file, rest, lines.at(-1)?.level ?? null);
      return page(lines, { from, rest, size, level: this.#level });
    });
  }

  /**
   * Reads what was written since the last read.
   * @throws QuickscrapeError `store_unavailable`
   */
  async news(): Promise<LogNews> {
    const news = await this.#withFile(async (file, size, inode): Promise<LogNews | undefined> => {
      const { offset: from, bytes } = this.#open;
      // The log of a queued run appears when the run starts. The shown content has not changed.
      if (this.#inode === NO_FILE) this.#inode = inode;
      if (inode !== this.#inode || size < from + bytes) return undefined;
      if (size === from + bytes) return { kind: 'same' };
      const fingerprint = await read(file, from - this.#mark.length, this.#mark.length);
      if (Buffer.compare(fingerprint, this.#mark) !== 0) return undefined;
      const { raw, open: rest } = await cutFrom(file, this.#open, size);
      const lines = toLogLines(raw, this.#level);
      await this.#note(file, rest, lines.at(-1)?.level ?? this.#level);
      return { kind: 'added', page: page(lines, { from, rest, size, level: this.#level }) };
    });
    return news ?? { kind: 'renewed', page: await this.end() };
  }

  /**
   * Reads the lines before a byte at which a line starts.
   * @throws QuickscrapeError `store_unavailable`
   */
  async before(offset: number): Promise<LogPage> {
    return this.#withFile(async (file, size) => {
      const until = Math.min(offset, size);
      const { lines, from } = await linesBefore(file, until);
      return page(lines, { from, rest: startLine(until), size, level: null });
    });
  }

  /**
   * Reads the lines from a byte at which a line starts.
   * @throws QuickscrapeError `store_unavailable`
   */
  async after(offset: number): Promise<LogPage> {
    return this.#withFile(async (file, size) => {
      let { raw, open: rest } = await cutFrom(file, startLine(offset), Math.min(size, offset + PAGE_BYTES));
      // A line may be longer than a page.
      while (raw.length === 0 && rest.offset + rest.bytes < size) {
        const until = Math.min(size, rest.offset + rest.bytes + PAGE_BYTES);
        ({ raw, open: rest } = await cutFrom(file, rest, until));
      }
      const lines = toLogLines(raw);
      const whole = rest.offset + rest.bytes >= size;
      const level = lines.at(-1)?.level ?? null;
      return page(lines, { from: offset, rest: whole ? rest : startLine(rest.offset), size, level });
    });
  }

  /**
   * The offsets of the lines in the whole log that pass a filter and contain a text, in order; at most the first
   * 100,000.
   * @param max the maximum number of offsets
   * @throws QuickscrapeError `store_unavailable`
   */
  async search(wanted: string, filter: LogFilter, max = MAX_HITS): Promise<number[]> {
    return this.#withFile(async (file, size) => {
      const hits: number[] = [];
      let current = startLine(0);
      let level: LogLevel | null = null;
      for (let at = 0; at < size && hits.length < max; ) {
        const bytes = await read(file, at, Math.min(CHUNK, size - at));
        if (bytes.length === 0) break;
        at += bytes.length;
        const cut = splitLines(current, bytes);
        current = cut.open;
        const rest = at >= size ? unfinishedLine(current) : undefined;
        for (const line of toLogLines(rest ? [...cut.lines, rest] : cut.lines, level)) {
          level = line.level;
          if (hits.length < max && matchesFilter(line, filter) && includesText(line.text, wanted))
            hits.push(line.offset);
        }
      }
      return hits;
    });
  }

  async #note(file: FileHandle | undefined, rest: PartialLine, level: LogLevel | null): Promise<void> {
    this.#open = rest;
    this.#level = level;
    const length = Math.min(FINGERPRINT_BYTES, rest.offset);
    this.#mark = await read(file, rest.offset - length, length);
  }

  async #withFile<T>(
    work: (file: FileHandle | undefined, size: number, inode: number) => Promise<T>,
  ): Promise<T> {
    let file: FileHandle | undefined;
    try {
      file = await open(this.#file, 'r').catch((error: unknown) => {
        if (isSystemError(error) && error.code === 'ENOENT') return undefined;
        throw error;
      });
      const { size, ino } = (await file?.stat()) ?? { size: 0, ino: NO_FILE };
      return await work(file, size, ino);
    } catch (error) {
      throw isSystemError(error) ? unavailable(`cannot read ${this.#file}`, error) : error;
    } finally {
      await file?.close();
    }
  }
}

function page(
  lines: LogLine[],
  { from, rest, size, level }: { from: number; rest: PartialLine; size: number; level: LogLevel | null },
): LogPage {
  const raw = unfinishedLine(rest);
  const [unfinished] = raw === undefined ? [] : toLogLines([raw], level);
  return { lines, from, until: rest.offset, unfinished, size };
}

/** The whole lines that end at or before a byte: about one page, and at least one line if there is any. */
async function linesBefore(
  file: FileHandle | undefined,
  until: number,
): Promise<{ lines: LogLine[]; from: number; open: PartialLine }> {
  for (let far = PAGE_BYTES; ; far *= 2) {
    const first = Math.max(0, until - far);
    const { raw, open: rest } = await cutFrom(file, startLine(first), until);
    // The first part may start in the middle of a line, so it is dropped.
    const whole = first === 0 ? raw : raw.slice(1);
    if (whole.length > 0 || first === 0)
      return { lines: toLogLines(whole), from: whole[0]?.offset ?? rest.offset, open: rest };
  }
}

async function cutFrom(
  file: FileHandle | undefined,
  begun: PartialLine,
  until: number,
): Promise<{ raw: RawLine[]; open: PartialLine }> {
  const raw: RawLine[] = [];
  let current = begun;
  for (let at = begun.offset + begun.bytes; at < until; ) {
    const bytes = await read(file, at, Math.min(CHUNK, until - at));
    if (bytes.length === 0) break;
    const cut = splitLines(current, bytes);
    for (const line of cut.lines) raw.push(line);
    current = cut.open;
    at += bytes.length;
  }
  return { raw, open: current };
}

async function read(file: FileHandle | undefined, at: number, length: number): Promise<Uint8Array> {
  if (file === undefined || length <= 0) return new Uint8Array();
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  return bytes.subarray(0, bytesRead);
}
