import { isUtf8 } from 'node:buffer';
import {
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { LRUCache } from 'lru-cache';
import { type FileStamp, isSettled, sameStamp, stampOf } from '../fs/file-stamp.ts';
import { jobFile } from '../fs/paths.ts';
import { closeQuietly } from '../fs/read-regular-file.ts';
import { unavailable, wrapUnavailable } from '../fs/system-errors.ts';
import { isName } from '../model/ids.ts';
import { type InvalidJob, MAX_JOB_FILE_BYTES } from '../model/job-record.ts';
import { type ParsedJob, parseJobText } from './job-text.ts';

/** One version of a job's file, as read. */
export interface JobVersion {
  text: string;
  stamp: FileStamp;
}

/** A version that is not valid text. */
interface UnreadableVersion {
  stamp: FileStamp;
  problem: string;
  /** The failed system call, if that is the reason. */
  cause?: unknown;
}

/** A job's file, also with another extension or in other case: `Books.JSON`, `books.json.txt`. */
export const JOB_FILE_LOOKALIKE = /\.json(?:\.txt|5|c)?$/i;

/** The parsed content of a file, and its stamp at that time. */
interface CachedFile extends FileStamp {
  settled: boolean;
  parsed: ParsedJob;
}

/** The cached files by id: all, or the most recently used. */
type FileCache = Pick<Map<string, CachedFile>, 'get' | 'delete'> & {
  set(id: string, value: CachedFile): unknown;
};

function createCache(max: number | undefined): FileCache {
  return max === undefined ? new Map() : new LRUCache<string, CachedFile>({ max });
}

/** A page of job file names. */
interface NamesPage {
  names: NamedEntries;
  /** The number of all job files. */
  total: number;
  /** The number of names after this page. */
  left: number;
}

/** Returns the definition hash that the database stores for a job, if any. */
type KnownHash = (id: string) => string | undefined;

/**
 * Reads the job files of one folder. Reading is synchronous: for thousands of small files this is several times faster
 * than promises, and at most one file is open.
 */
export class JobFiles {
  readonly folder: string;
  readonly #versions = new JobVersions();
  readonly #names: JobNames;
  #max: number | undefined;
  #cache: FileCache = new Map();
  /** The most recently read text: a change usually follows a lookup of the same job. */
  #last: { id: string; version: JobVersion } | undefined;

  constructor(folder: string) {
    this.folder = folder;
    this.#names = new JobNames(folder);
  }

  /** Limits the cache to this many files; by default it has no limit. */
  limitCache(max: number): void {
    this.#max = max;
    this.#cache = createCache(max);
  }

  pathOf(id: string): string {
    return jobFile(this.folder, id);
  }

  /** Whether an entry with the job's file name exists, even if it is not a valid job. */
  exists(id: string): boolean {
    return this.stamp(id) !== undefined;
  }

  /** The names of all `*.json` entries without the extension, sorted; some may be invalid ids. */
  names(): readonly string[] {
    return this.#names.list().ids;
  }

  /** All job files, sorted by id. Unchanged files are not read again. */
  list(knownHash: KnownHash): ParsedJob[] {
    const before = this.#cache;
    // A new cache, so that removed files are dropped.
    this.#cache = createCache(this.#max);
    return this.#look(this.#names.list(), before, knownHash);
  }

  /**
   * The first `limit` names of {@link names} after `after`, for {@link readMany}, with the number of all names and of
   * the remaining ones.
   */
  namesAfter(after: string | undefined, limit: number): NamesPage {
    const { ids, odd } = this.#names.list();
    const start = after === undefined ? 0 : ids.findIndex((id) => id > after);
    const rest = start === -1 ? [] : ids.slice(start);
    const names = { ids: rest.slice(0, limit), odd };
    return { names, total: ids.length, left: Math.max(0, rest.length - limit) };
  }

  /** Reads the job files with these names; missing ones are left out. */
  readMany(names: NamedEntries, knownHash: KnownHash): ParsedJob[] {
    return this.#look(names, this.#cache, knownHash);
  }

  /** Reads one job's file; `undefined` when it does not exist. An unchanged file is not read again. */
  read(id: string, knownHash: string | undefined): ParsedJob | undefined {
    if (!isName(id)) return this.#misnamed(id);
    const seen = this.#recall(id, this.#cache) ?? this.#read(id, () => knownHash);
    if (seen) this.#cache.set(id, seen);
    else this.#cache.delete(id);
    return seen?.parsed;
  }

  /**
   * Reads a job's file with its text, for a caller that changes it; `undefined` when there is no readable text. The
   * most recently read file is reused while its stamp is the same. Because an edit in place may leave the stamp
   * unchanged, the caller must confirm its result with {@link isUnchanged}.
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
   * Reads the current version of a job's file; `undefined` when there is no readable text.
   * @throws QuickscrapeError `store_unavailable`
   */
  version(id: string): JobVersion | undefined {
    const read = this.#versions.read(this.pathOf(id));
    // A read error must not be reported as a missing file.
    if (read && 'cause' in read) throw unavailable(`cannot read ${this.pathOf(id)}`, read.cause);
    if (!read || 'problem' in read) return undefined;
    this.#last = { id, version: read };
    return read;
  }

  /**
   * Whether a job's file is still the version `seen` (`undefined`: it did not exist). It reads the file, because an
   * edit in place of the same length within one clock tick does not change the stamp.
   */
  isUnchanged(id: string, seen: JobVersion | undefined): boolean {
    if (!seen) return !this.exists(id);
    if (this.version(id)?.text !== seen.text) return false;
    const now = this.stamp(id);
    return now !== undefined && sameStamp(now, seen.stamp);
  }

  /** The stamp of a job's file, without reading the file. */
  stamp(id: string): FileStamp | undefined {
    const file = this.pathOf(id);
    const stats = wrapUnavailable(`cannot read ${file}`, () => lstatSync(file, { throwIfNoEntry: false }));
    return stats && stampOf(stats);
  }

  #look({ ids, odd }: NamedEntries, cache: FileCache, knownHash: KnownHash): ParsedJob[] {
    const found: ParsedJob[] = [];
    for (const id of ids) {
      const problem = this.#problemOf(id, odd.get(id));
      const seen = problem ? undefined : (this.#recall(id, cache) ?? this.#read(id, knownHash));
      if (seen) this.#cache.set(id, seen);
      const job = problem ?? seen?.parsed;
      if (job) found.push(job);
    }
    return found;
  }

  /** A file whose name is not a valid id is reported as an invalid job. Only this folder is checked. */
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

  #recall(id: string, cache: FileCache): CachedFile | undefined {
    const seen = cache.get(id);
    if (!seen?.settled) return undefined;
    const now = this.stamp(id);
    return now && sameStamp(now, seen) ? seen : undefined;
  }

  #read(id: string, knownHash: KnownHash): CachedFile | undefined {
    const file = this.pathOf(id);
    // Taken before the read: a change shortly after this may leave the stamp as it is.
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

const EXTENSION = '.json';

/** Why an entry with the name of a job file is not one. */
type OddEntry = 'link' | 'no file';

/** The `*.json` entries of a folder. */
interface NamedEntries {
  /** Their names without the extension, sorted; some may be invalid ids. */
  readonly ids: readonly string[];
  /** The entries that are not regular files. */
  readonly odd: ReadonlyMap<string, OddEntry>;
}

const NONE: NamedEntries = { ids: [], odd: new Map() };

/**
 * Lists the `*.json` entries of a folder. The folder is read again only when its own time stamp changes, which happens
 * whenever an entry is added, removed or replaced.
 */
export class JobNames {
  readonly #folder: string;
  #known: { stamp: FileStamp; entries: NamedEntries } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws QuickscrapeError `store_unavailable` */
  list(): NamedEntries {
    try {
      const stats = statSync(this.#folder, { throwIfNoEntry: false });
      if (stats && this.#known && sameStamp(stats, this.#known.stamp)) return this.#known.entries;
      const entries = this.#read();
      this.#known = stats && isSettled(stats) ? { stamp: stampOf(stats), entries } : undefined;
      return entries;
    } catch (error) {
      // A home without this folder has no jobs yet, but a missing home must be reported.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(dirname(this.#folder)))
        return NONE;
      throw unavailable(`cannot list the jobs in ${this.#folder}`, error);
    }
  }

  #read(): NamedEntries {
    const ids: string[] = [];
    const odd = new Map<string, OddEntry>();
    for (const entry of readdirSync(this.#folder, { withFileTypes: true })) {
      const { name } = entry;
      if (!name.endsWith(EXTENSION) || name.startsWith('.')) continue;
      const id = name.slice(0, -EXTENSION.length);
      ids.push(id);
      if (!entry.isFile()) odd.set(id, entry.isSymbolicLink() ? 'link' : 'no file');
    }
    return { ids: ids.sort(), odd };
  }
}

/** Reads job files one after the other into one shared buffer. */
export class JobVersions {
  readonly #buffer = Buffer.allocUnsafeSlow(MAX_JOB_FILE_BYTES);

  /** Reads the current version of a file; `undefined` when it does not exist. Never blocks on another program. */
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
      // Decoding replaces invalid bytes by U+FFFD, so writing the text back would change the file.
      if (text.includes('\uFFFD') && !isUtf8(this.#buffer.subarray(0, length)))
        return { stamp, problem: 'not UTF-8 text' };
      return { stamp, text };
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      if (code === 'ELOOP') return { stamp, problem: SYMLINK };
      // Too many open files is not a fault of this file.
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
