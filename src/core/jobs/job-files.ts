import { isUtf8 } from 'node:buffer';
import { constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import type { FileStamp } from '../fs/file-stamp.ts';
import { isSettled, sameStamp, stampOf } from '../fs/file-stamp.ts';
import { jobFile } from '../fs/paths.ts';
import { closeQuietly } from '../fs/read-regular-file.ts';
import { unavailable, wrapUnavailable } from '../fs/unavailable.ts';
import { isName } from '../model/job-id.ts';
import type { InvalidJob } from '../model/job-record.ts';
import { MAX_JOB_FILE_BYTES } from '../model/job-record.ts';
import type { NamedEntries, OddEntry } from './job-names.ts';
import { JobNames } from './job-names.ts';
import type { ParsedJob } from './job-text.ts';
import { parseJobText } from './job-text.ts';

/** One version of a job's file, as it was read. */
export interface JobVersion {
  text: string;
  stamp: FileStamp;
}

/** One that is no text of a job. */
interface UnreadableVersion {
  stamp: FileStamp;
  problem: string;
  /** The failed system call, if that is the reason. */
  cause?: unknown;
}

/** Reads job files one after the other, into the same buffer. */
export class JobVersions {
  readonly #buffer = Buffer.allocUnsafeSlow(MAX_JOB_FILE_BYTES);

  /** The version of a file that there is now; `undefined` when there is none. Never waits for another program. */
  read(file: string): JobVersion | UnreadableVersion | undefined {
    let fd: number | undefined;
    let stamp: FileStamp = UNKNOWN;
    try {
      // A named pipe would block without O_NONBLOCK.
      fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      const stats = fstatSync(fd);
      stamp = stampOf(stats);
      if (!stats.isFile()) return { stamp, problem: NO_FILE };
      if (stats.size > MAX_JOB_FILE_BYTES) return { stamp, problem: tooLarge(stats.size) };
      const length = this.#fill(fd, stats.size);
      const text = this.#buffer.toString('utf8', 0, length);
      // Decoding puts U+FFFD for broken bytes: written back, the file would not be the same.
      if (text.includes('\uFFFD') && !isUtf8(this.#buffer.subarray(0, length)))
        return { stamp, problem: 'not UTF-8 text' };
      return { stamp, text };
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      if (code === 'ELOOP') return { stamp, problem: SYMLINK };
      // Too many open files is no fault of this file.
      if (code === 'EMFILE' || code === 'ENFILE') throw unavailable(`cannot read ${file}`, error);
      return { stamp, problem: `cannot be read: ${(error as Error).message}`, cause: error };
    } finally {
      if (fd !== undefined) closeQuietly(fd);
    }
  }

  #fill(fd: number, size: number): number {
    let length = 0;
    while (length < size) {
      const got = readSync(fd, this.#buffer, length, size - length, null);
      if (got === 0) break;
      length += got;
    }
    return length;
  }
}

const SYMLINK = 'a symbolic link; job files are regular files';
const NO_FILE = 'not a regular file';
const UNKNOWN: FileStamp = { ino: 0, size: -1, mtimeMs: 0, ctimeMs: 0 };

function tooLarge(size: number): string {
  return `${size} bytes; a job file has at most ${MAX_JOB_FILE_BYTES}`;
}

/** A job's file, also under another ending or with other capitals: `Books.JSON`, `books.json.txt`. */
export const JOB_FILE_LOOKALIKE = /\.json(?:\.txt|5|c)?$/i;

/** What a file said, and the stamp that it had. */
interface CachedFile extends FileStamp {
  settled: boolean;
  parsed: ParsedJob;
}

/** What was read, by id: all of it, or what was used last. */
type FileCache = Pick<Map<string, CachedFile>, 'get' | 'delete'> & {
  set(id: string, value: CachedFile): unknown;
};

function createCache(max: number | undefined): FileCache {
  return max === undefined ? new Map() : new LRUCache<string, CachedFile>({ max });
}

/** Some of the names of job files. */
interface NamesPage {
  names: NamedEntries;
  /** All job files. */
  total: number;
  /** Those that come after these. */
  left: number;
}

/** The definition's hash that the database holds for a job, if any. */
type KnownHash = (id: string) => string | undefined;

/**
 * Reads the job files of one folder. Reading is synchronous: for thousands of small files it is several times faster
 * than promises, and never has more than one file open.
 */
export class JobFiles {
  readonly folder: string;
  readonly #versions = new JobVersions();
  readonly #names: JobNames;
  #max: number | undefined;
  #remembered: FileCache = new Map();
  /** The text that was read last: a change begins with the job that was just looked up. */
  #last: { id: string; version: JobVersion } | undefined;

  constructor(folder: string) {
    this.folder = folder;
    this.#names = new JobNames(folder);
  }

  /** Keeps so many files in mind at most; unless it is told so, all. */
  limitCache(max: number): void {
    this.#max = max;
    this.#remembered = createCache(max);
  }

  pathOf(id: string): string {
    return jobFile(this.folder, id);
  }

  /** Whatever stands at the job's file name, also when it is no valid job. */
  exists(id: string): boolean {
    return this.stamp(id) !== undefined;
  }

  /** The names of all `*.json` entries without the ending, sorted; some may be no valid ids. */
  names(): readonly string[] {
    return this.#names.list().ids;
  }

  /** All job files, sorted by id. Files that have not changed since are not read again. */
  list(knownHash: KnownHash): ParsedJob[] {
    const before = this.#remembered;
    // Those that are gone are not taken along.
    this.#remembered = createCache(this.#max);
    return this.#look(this.#names.list(), before, knownHash);
  }

  /** The first `limit` names of {@link names} after `after`, for {@link readMany}; how many there are, and are left. */
  namesAfter(after: string | undefined, limit: number): NamesPage {
    const { ids, odd } = this.#names.list();
    const start = after === undefined ? 0 : ids.findIndex((id) => id > after);
    const rest = start === -1 ? [] : ids.slice(start);
    const names = { ids: rest.slice(0, limit), odd };
    return { names, total: ids.length, left: Math.max(0, rest.length - limit) };
  }

  /** The job files of these names; those that are gone are left out. */
  readMany(names: NamedEntries, knownHash: KnownHash): ParsedJob[] {
    return this.#look(names, this.#remembered, knownHash);
  }

  /** One job's file as it is now; `undefined` when there is none. Read only when it is another one than before. */
  read(id: string, knownHash: string | undefined): ParsedJob | undefined {
    if (!isName(id)) return this.#misnamed(id);
    const seen = this.#recall(id, this.#remembered) ?? this.#read(id, () => knownHash);
    if (seen) this.#remembered.set(id, seen);
    else this.#remembered.delete(id);
    return seen?.parsed;
  }

  /**
   * A job's file with its text, for a caller that changes it; `undefined` when there is none that is a text. The file that
   * was read last is not read again while it has the same stamp, which an edit in place may leave as it is: what follows
   * from the text counts once {@link isUnchanged} has compared it.
   * @throws QuickscrapeError `store_unavailable`
   */
  readForChange(
    id: string,
    knownHash: string | undefined,
  ): { parsed: ParsedJob; version: JobVersion } | undefined {
    if (!isName(id)) return undefined;
    const last = this.#last?.id === id ? this.#last.version : undefined;
    const now = last && this.stamp(id);
    const version = last && now && sameStamp(now, last.stamp) ? last : this.version(id);
    if (!version) return undefined;
    const about = { id, file: this.pathOf(id), modifiedAt: version.stamp.mtimeMs };
    return { parsed: parseJobText(version.text, about, knownHash), version };
  }

  /**
   * The version of a job's file that there is now; `undefined` when there is none that is a text.
   * @throws QuickscrapeError `store_unavailable`
   */
  version(id: string): JobVersion | undefined {
    const read = this.#versions.read(this.pathOf(id));
    // A file that the disk does not give is not a file that is not there.
    if (read && 'cause' in read) throw unavailable(`cannot read ${this.pathOf(id)}`, read.cause);
    if (!read || 'problem' in read) return undefined;
    this.#last = { id, version: read };
    return read;
  }

  /**
   * Whether a job's file is still the version `seen` (`undefined`: there was none). Reads it: an edit in place of the
   * same length within one tick of the system's clock leaves no trace in the stamp.
   */
  isUnchanged(id: string, seen: JobVersion | undefined): boolean {
    if (!seen) return !this.exists(id);
    if (this.version(id)?.text !== seen.text) return false;
    const now = this.stamp(id);
    return now !== undefined && sameStamp(now, seen.stamp);
  }

  /** Which version of a job's file there is, without reading it. */
  stamp(id: string): FileStamp | undefined {
    const file = this.pathOf(id);
    const stats = wrapUnavailable(`cannot look at ${file}`, () => lstatSync(file, { throwIfNoEntry: false }));
    return stats && stampOf(stats);
  }

  #look({ ids, odd }: NamedEntries, remembered: FileCache, knownHash: KnownHash): ParsedJob[] {
    const found: ParsedJob[] = [];
    for (const id of ids) {
      const problem = this.#problemOf(id, odd.get(id));
      const seen = problem ? undefined : (this.#recall(id, remembered) ?? this.#read(id, knownHash));
      if (seen) this.#remembered.set(id, seen);
      const job = problem ?? seen?.parsed;
      if (job) found.push(job);
    }
    return found;
  }

  /** A file whose name is no valid id is a job all the same, one that cannot be used. No other folder is looked at. */
  #misnamed(id: string): InvalidJob | undefined {
    const { ids, odd } = this.#names.list();
    return ids.includes(id) ? this.#problemOf(id, odd.get(id)) : undefined;
  }

  #problemOf(id: string, odd: OddEntry | undefined): InvalidJob | undefined {
    const isValid = isName(id);
    if (isValid && odd === undefined) return undefined;
    const file = this.pathOf(id);
    if (!isValid) {
      const allowed = '1 to 64 lower-case letters, digits, "-" and "_", with a letter or digit at both ends';
      return { kind: 'invalid', id, file, reason: `the file's name is not a valid job id: ${allowed}` };
    }
    return { kind: 'invalid', id, file, reason: odd === 'link' ? SYMLINK : NO_FILE };
  }

  #recall(id: string, remembered: FileCache): CachedFile | undefined {
    const seen = remembered.get(id);
    if (!seen?.settled) return undefined;
    const now = this.stamp(id);
    return now && sameStamp(now, seen) ? seen : undefined;
  }

  #read(id: string, knownHash: KnownHash): CachedFile | undefined {
    const file = this.pathOf(id);
    // Before: what changes while it is read may be too early to show.
    const at = Date.now();
    const read = this.#versions.read(file);
    if (!read) return undefined;
    if ('text' in read) this.#last = { id, version: read };
    const { ino, size, mtimeMs, ctimeMs } = read.stamp;
    const parsed: ParsedJob =
      'problem' in read
        ? { kind: 'invalid', id, file, reason: read.problem }
        : parseJobText(read.text, { id, file, modifiedAt: mtimeMs }, knownHash(id));
    return { ino, size, mtimeMs, ctimeMs, settled: isSettled(read.stamp, at), parsed };
  }
}
