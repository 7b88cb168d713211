import { type FileHandle, open } from 'node:fs/promises';
import { isSystemError, unavailable } from '../../../core/fs/unavailable.ts';
import { includesText, matchesFilter } from './log-filter.ts';
import {
  type PartialLine,
  type RawLine,
  splitLines,
  startLine,
  toLogLines,
  unfinishedLine,
} from './log-line.ts';
import type { LogFilter, LogLevel, LogLine, LogPage } from './model.ts';

const CHUNK = 256 * 1024;
/** About so many bytes are a page. */
const PAGE_BYTES = 1 << 20;
/** Enough to tell one place of a log from another: a line begins with its time. */
const FINGERPRINT_BYTES = 64;
/** In the place of the inode of a log that is not there. */
const NO_FILE = 0;
/** More lines with a text are not told; nobody goes through them one by one. */
const MAX_HITS = 100_000;

/** What has become of a log since the last look. */
export type LogNews =
  | { readonly kind: 'same' }
  /** The page goes on where the last one ended. */
  | { readonly kind: 'added'; readonly page: LogPage }
  /** It was cut, begun anew or replaced: what was known of its bytes no longer counts. This is its end now. */
  | { readonly kind: 'renewed'; readonly page: LogPage };

/**
 * A run's log on the disk, which others write to, cut in its middle (`src/core/execution/log-cap.ts`) or remove. Holds no file
 * open. A log that is not there is empty.
 */
export class LogSource {
  readonly #file: string;
  #open: PartialLine = startLine(0);
  #level: LogLevel | null = null;
  #inode = NO_FILE;
  /** The bytes before the open line, by which a cut is noticed after which the file has grown again. */
  #mark: Uint8Array = new Uint8Array();

  constructor(file: string) {
    this.#file = file;
  }

  /** The end of the log; {@link news} goes on from here. @throws QuickscrapeError `store_unavailable` */
  async end(): Promise<LogPage> {
    return this.#withFile(async (file, size, inode) => {
      const { lines, from, open: rest } = await linesBefore(file, size);
      this.#inode = inode;
      await this.#note(file, rest, lines.at(-1)?.level ?? null);
      return page(lines, { from, rest, size, level: this.#level });
    });
  }

  /** What was written since the last look. @throws QuickscrapeError `store_unavailable` */
  async news(): Promise<LogNews> {
    const news = await this.#withFile(async (file, size, inode): Promise<LogNews | undefined> => {
      const { offset: from, bytes } = this.#open;
      // That of a queued run begins when the run does: nothing that was shown has changed.
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

  /** The lines before a byte at which a line begins. @throws QuickscrapeError `store_unavailable` */
  async before(offset: number): Promise<LogPage> {
    return this.#withFile(async (file, size) => {
      const until = Math.min(offset, size);
      const { lines, from } = await linesBefore(file, until);
      return page(lines, { from, rest: startLine(until), size, level: null });
    });
  }

  /** The lines from a byte on at which a line begins. @throws QuickscrapeError `store_unavailable` */
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
   * Where the lines of the whole log begin that pass a filter and have a text, in order; the first 100,000.
   * @param max no more than these
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

/** The whole lines that end at a byte or before it: about a page of them, at least one if there is any. */
async function linesBefore(
  file: FileHandle | undefined,
  until: number,
): Promise<{ lines: LogLine[]; from: number; open: PartialLine }> {
  for (let far = PAGE_BYTES; ; far *= 2) {
    const first = Math.max(0, until - far);
    const { raw, open: rest } = await cutFrom(file, startLine(first), until);
    // What begins in the middle of a line is none.
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
