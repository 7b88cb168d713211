import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { HomePaths } from '../fs/paths.ts';
import { isSystemError, unavailable } from '../fs/system-errors.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { isActive, type RunRecord } from '../model/run-record.ts';
import type { ByteRange } from './item-hash-index.ts';
import { type Item, parseItem, runFiles } from './run-files.ts';

const CHUNK_BYTES = 1 << 18;
/** An item is read together with what follows it: the next one that is wanted is mostly near. */
const WINDOW_BYTES = 1 << 16;
const NEWLINE = 0x0a;

/** An item and its byte range in the file. */
interface LocatedItem {
  item: Item;
  place: ByteRange;
}

/** A source of items: all in sequence, or one by its byte range. */
export interface ItemSource {
  /** All items in batches, in file order; those from this byte on. */
  items(offset?: number): AsyncIterable<readonly LocatedItem[]>;
  /** The item at this byte range. */
  read(place: ByteRange): Promise<Item>;
}

/** A run's `items.jsonl`, held open: it stays readable when retention removes the file. */
export class ItemFile implements ItemSource {
  readonly #handle: FileHandle;
  readonly #file: string;
  #window: { offset: number; bytes: Buffer } = { offset: 0, bytes: Buffer.alloc(0) };

  private constructor(handle: FileHandle, file: string) {
    this.#handle = handle;
    this.#file = file;
  }

  /** @returns `undefined` when there is no such file @throws QuickscrapeError `store_unavailable` */
  static async open(file: string): Promise<ItemFile | undefined> {
    try {
      return new ItemFile(await open(file, 'r'), file);
    } catch (error) {
      if (isSystemError(error) && error.code === 'ENOENT') return undefined;
      throw unavailable(`cannot read ${file}`, error);
    }
  }

  /**
   * Yields all items, or those from a byte on where one begins. Skips lines that are not items, such as a truncated last line.
   * @throws QuickscrapeError `store_unavailable`
   */
  async *items(offset = 0): AsyncGenerator<LocatedItem[]> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let rest = Buffer.alloc(0);
    for (let at = offset; ; ) {
      const count = await this.#read(chunk, at);
      const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
      const { placed, end } = itemsIn(bytes, at - rest.length, count === 0);
      yield placed;
      if (count === 0) return;
      rest = bytes.subarray(end);
      at += count;
    }
  }

  /** @throws QuickscrapeError `store_unavailable` when the item is no longer there */
  async read({ offset, length }: ByteRange): Promise<Item> {
    const start = offset - this.#window.offset;
    const isHeld = start >= 0 && start + length <= this.#window.bytes.length;
    const bytes = isHeld
      ? this.#window.bytes.subarray(start, start + length)
      : await this.#readAhead(offset, length);
    const item = bytes.length < length ? undefined : parseItem(bytes.toString('utf8'));
    if (item === undefined) throw unavailable(`cannot read ${this.#file}`, new Error('it has been changed'));
    return item;
  }

  async #readAhead(offset: number, length: number): Promise<Buffer> {
    // A place beyond the end would need a buffer of any size.
    if (length > WINDOW_BYTES && offset + length > (await this.#handle.stat()).size) return Buffer.alloc(0);
    const bytes = Buffer.alloc(Math.max(length, WINDOW_BYTES));
    const count = await this.#read(bytes, offset);
    this.#window = { offset, bytes: length > WINDOW_BYTES ? Buffer.alloc(0) : bytes.subarray(0, count) };
    return bytes.subarray(0, Math.min(count, length));
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #read(into: Buffer, at: number): Promise<number> {
    try {
      return (await this.#handle.read(into, 0, into.length, at)).bytesRead;
    } catch (error) {
      throw unavailable(`cannot read ${this.#file}`, error);
    }
  }
}

/** Parses the items of a chunk that begins at `offset`; `end` is where its last complete line ends. */
function itemsIn(bytes: Buffer, offset: number, isLast: boolean): { placed: LocatedItem[]; end: number } {
  const placed: LocatedItem[] = [];
  let start = 0;
  const add = (end: number) => {
    const item = parseItem(bytes.toString('utf8', start, end));
    if (item !== undefined) placed.push({ item, place: { offset: offset + start, length: end - start } });
  };
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    add(end);
    start = end + 1;
  }
  if (isLast && start < bytes.length) add(bytes.length);
  return { placed, end: start };
}

/** Items that stay open until `close` is called. */
export interface OpenItems extends ItemSource {
  close(): Promise<void>;
}

const NO_ITEMS: OpenItems = {
  async *items() {},
  read: () => Promise.reject(new Error('there are no items')),
  close: () => Promise.resolve(),
};

/**
 * Opens the rows of a run that break a rule on their values: the first of them, with their number and the rules.
 * @throws QuickscrapeError `store_unavailable`
 */
export async function openBrokenRows(
  paths: HomePaths,
  run: Pick<RunRecord, 'jobId' | 'runId'>,
): Promise<OpenItems> {
  return (await ItemFile.open(runFiles(paths, run.jobId, run.runId).broken)) ?? NO_ITEMS;
}

/** Whether {@link openRunItems} can open the items of a run. */
export function hasRunItems(paths: HomePaths, run: Pick<RunRecord, 'jobId' | 'runId' | 'items'>): boolean {
  return run.items === 0 || existsSync(runFiles(paths, run.jobId, run.runId).items);
}

/**
 * Opens the items that a run staged, whether or not they passed the checks.
 * @throws QuickscrapeError `conflict` when they are gone; `store_unavailable`
 */
export async function openRunItems(
  paths: HomePaths,
  run: Pick<RunRecord, 'jobId' | 'runId' | 'items'>,
): Promise<OpenItems> {
  const { items } = runFiles(paths, run.jobId, run.runId);
  const file = await ItemFile.open(items);
  if (file !== undefined) return file;
  if (run.items === 0) return NO_ITEMS;
  throw itemsAreGone(run, items);
}

/**
 * Fails for a run that counted items which are no longer there. A run that is active has no file at first.
 * @throws QuickscrapeError `conflict` when they are gone, as {@link openRunItems}
 */
export function requireRunItems(
  paths: HomePaths,
  run: Pick<RunRecord, 'jobId' | 'runId' | 'items' | 'status'>,
): void {
  if (isActive(run.status) || hasRunItems(paths, run)) return;
  throw itemsAreGone(run, runFiles(paths, run.jobId, run.runId).items);
}

function itemsAreGone({ runId, items }: Pick<RunRecord, 'runId' | 'items'>, file: string): QuickscrapeError {
  return new QuickscrapeError('conflict', `the items of run ${runId} are gone (${items}): ${file}`, {
    hint: 'Its folder was removed, or its past was invented. Choose another run, or run the job again.',
  });
}
