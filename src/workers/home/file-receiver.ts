import {
  closeSync,
  existsSync,
  fstatSync,
  fsync as fsyncCallback,
  ftruncateSync,
  lstatSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { removeLeftover, tempFileName } from '../../core/fs/atomic-file.ts';
import { makePrivateFolder } from '../../core/fs/private-folder.ts';
import { tryReadText } from '../../core/fs/read-regular-file.ts';
import { refuseLink } from '../../core/fs/symlinks.ts';
import { isSystemError, unavailable, wrapUnavailable } from '../../core/fs/system-errors.ts';
import { makeRunFolder, openToAppend, type RunFiles } from '../../core/runs/run-files.ts';
import { sanitizeLog } from '../../core/runs/sanitize-log.ts';
import { RUN_FILE_NAMES, type RunFileName } from '../protocol/messages.ts';

/** The folder, within that of a run, of the files that the worker sends when the attempt has ended. */
const INCOMING = 'incoming';
/** The file in it that names the attempt: its token. */
const OWNER = 'token';
/** The file in it that says that the items and the checkpoint of an earlier attempt were removed. */
const STARTED_OVER = 'started-over';
const LINE_FEED = 10;
const fsync = promisify(fsyncCallback);

/** A piece of a file, as a worker sends it. */
export interface ReceivedPiece {
  file: RunFileName;
  /** Where it begins, in bytes of the file at home. */
  at: number;
  data: Uint8Array;
}

/** The size of the file after a piece, or that the run has sent more than it may. */
export type Receipt = { size: number } | { error: { kind: 'result_too_large'; message: string } };

/**
 * Writes the files that the worker of one attempt sends. `run.log` and `items.jsonl` grow in the run's folder, as they
 * do for a run of this machine; the others are collected in its folder `incoming/`. A file only ever grows: pieces that
 * leave a gap change nothing, nor do those that the file has already. All that it has to know is in the files, so that
 * it can be made again at any time, by another process, too.
 *
 * Nothing else may write `run.log` or `items.jsonl` while the attempt is active.
 */
export class FileReceiver {
  readonly #files: RunFiles;
  readonly #logAt: number;
  /** Up to where the log contains no control characters. */
  #cleanLog: number;
  readonly #maxBytes: number;

  /**
   * Makes the files ready for an attempt. What an earlier attempt left in `incoming/` is removed, and so are its items
   * and its checkpoint, unless this one continues it.
   * @param logAt the size of run.log when the attempt began, in bytes
   * @param maxBytes the most bytes that the attempt may send
   * @param earlierItems the size of the items that the attempt continues from, in bytes
   * @throws QuickscrapeError `store_unavailable`; `not_allowed` for a link
   */
  constructor(files: RunFiles, token: string, logAt: number, maxBytes: number, earlierItems?: number) {
    this.#files = files;
    this.#logAt = logAt;
    this.#cleanLog = logAt;
    this.#maxBytes = maxBytes;
    wrapUnavailable(`cannot write in ${files.folder}`, () => {
      makeRunFolder(files);
      refuseLink(this.incoming);
      if (tryReadText(join(this.incoming, OWNER)) !== token) this.#begin(token, earlierItems);
      this.#fillLog();
    });
  }

  /** The folder of the files that are sent when the attempt has ended. */
  get incoming(): string {
    return join(this.#files.folder, INCOMING);
  }

  /**
   * Appends what is new in a piece.
   * @throws QuickscrapeError `store_unavailable` when it cannot be written; `not_allowed` for a link
   */
  receive({ file, at, data }: ReceivedPiece): Receipt {
    const path = this.#pathOf(file);
    return wrapUnavailable(`cannot write ${path}`, () => {
      const size = this.size(file);
      const end = at + data.byteLength;
      if (at > size || end <= size) return { size };
      if (this.#receivedBytes() + (end - size) > this.#maxBytes) {
        const message = `the run sent more than ${this.#maxBytes} bytes, which is the setting executor_max_result`;
        return { error: { kind: 'result_too_large', message } };
      }
      return { size: this.#append(path, at, data) };
    });
  }

  /** The size of a file, in bytes; 0 while it does not exist. @throws QuickscrapeError `store_unavailable` */
  size(file: RunFileName): number {
    const path = this.#pathOf(file);
    return wrapUnavailable(`cannot read ${path}`, () => {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats?.isSymbolicLink()) refuseLink(path);
      return stats?.size ?? 0;
    });
  }

  /**
   * Compares the files with what the worker says about them, and returns the sizes here of those that differ.
   * @throws QuickscrapeError `store_unavailable`
   */
  different(sizes: Partial<Record<RunFileName, number>>): { file: RunFileName; size: number }[] {
    return namesOf(sizes)
      .map((file) => ({ file, size: this.size(file) }))
      .filter(({ file, size }) => size !== sizes[file]);
  }

  /**
   * Brings complete files to the disk. A file without content has no piece: it is made here.
   * @throws QuickscrapeError `store_unavailable`; `not_allowed` for a link
   */
  async sync(sizes: Partial<Record<RunFileName, number>>): Promise<void> {
    await Promise.all(namesOf(sizes).map((file) => this.#sync(file)));
  }

  /**
   * Removes the items and the checkpoint of the earlier attempt, once: this one does not continue it.
   * @throws QuickscrapeError `store_unavailable`; `not_allowed` for a link
   */
  startOver(): void {
    wrapUnavailable(`cannot write in ${this.#files.folder}`, () => {
      const marker = join(this.incoming, STARTED_OVER);
      if (existsSync(marker)) return;
      rmSync(this.#files.checkpoint, { force: true });
      this.#truncateItems(0);
      closeSync(openToAppend(marker));
    });
  }

  /**
   * Replaces the checkpoint, if all items that it speaks of are here. Whatever ends this process, the old or the new one
   * is there as a whole.
   * @param data nothing: there is none any more
   * @returns whether it was replaced
   * @throws QuickscrapeError `store_unavailable`; `not_allowed` for a link
   */
  replaceCheckpoint(items: number, data: Uint8Array): boolean {
    const { checkpoint } = this.#files;
    return wrapUnavailable(`cannot write ${checkpoint}`, () => {
      if (data.byteLength === 0) {
        rmSync(checkpoint, { force: true });
        return true;
      }
      if (this.size('items.jsonl') < items) return false;
      refuseLink(checkpoint);
      const temp = tempFileName(checkpoint);
      try {
        writeFileSync(temp, data, { flag: 'wx', mode: 0o600 });
        renameSync(temp, checkpoint);
      } catch (error) {
        removeLeftover(temp);
        throw error;
      }
      return true;
    });
  }

  /** Removes what was collected in `incoming/`, after the attempt. */
  removeIncoming(): void {
    rmSync(this.incoming, { recursive: true, force: true });
  }

  /** The name of the owner is written last: if this is interrupted, it begins again. */
  #begin(token: string, earlierItems: number | undefined): void {
    this.removeIncoming();
    if (earlierItems === undefined) rmSync(this.#files.checkpoint, { force: true });
    // The bytes beyond belong to a page that was not completed.
    this.#truncateItems(earlierItems ?? 0);
    makePrivateFolder(this.incoming);
    const owner = openToAppend(join(this.incoming, OWNER));
    try {
      writeSync(owner, token);
    } finally {
      closeSync(owner);
    }
  }

  #truncateItems(bytes: number): void {
    const items = openToAppend(this.#files.items);
    try {
      ftruncateSync(items, bytes);
    } finally {
      closeSync(items);
    }
  }

  /** A power loss may have taken the end of the log of an earlier attempt: the offsets of this one stay right. */
  #fillLog(): void {
    const missing = this.#logAt - this.size('run.log');
    if (missing <= 0) return;
    const log = openToAppend(this.#files.log);
    try {
      writeAll(log, Buffer.alloc(missing, LINE_FEED));
    } finally {
      closeSync(log);
    }
  }

  #append(path: string, at: number, data: Uint8Array): number {
    this.#makeFolderOf(path);
    const fd = openToAppend(path);
    try {
      const { size } = fstatSync(fd);
      writeAll(fd, data.subarray(size - at));
    } finally {
      closeSync(fd);
    }
    // A terminal would interpret what a worker may have put into a log.
    if (path === this.#files.log) this.#cleanLog = sanitizeLog(path, this.#cleanLog);
    return at + data.byteLength;
  }

  /** A large file takes long: the caller's thread does not wait for the disk. */
  async #sync(file: RunFileName): Promise<void> {
    const path = this.#pathOf(file);
    try {
      this.#makeFolderOf(path);
      const fd = openToAppend(path);
      try {
        await fsync(fd);
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      throw isSystemError(error) ? unavailable(`cannot write ${path}`, error) : error;
    }
  }

  #makeFolderOf(path: string): void {
    const folder = dirname(path);
    if (folder === this.#files.folder) return;
    for (const each of [this.incoming, folder]) {
      refuseLink(each);
      makePrivateFolder(each);
    }
  }

  #receivedBytes(): number {
    return RUN_FILE_NAMES.reduce((sum, file) => sum + this.size(file), -this.#logAt);
  }

  #pathOf(file: RunFileName): string {
    if (file === 'run.log') return this.#files.log;
    return file === 'items.jsonl' ? this.#files.items : join(this.incoming, file);
  }
}

function namesOf(sizes: Partial<Record<RunFileName, number>>): RunFileName[] {
  return RUN_FILE_NAMES.filter((file) => sizes[file] !== undefined);
}

function writeAll(fd: number, data: Uint8Array): void {
  for (let done = 0; done < data.byteLength; ) done += writeSync(fd, data, done);
}
