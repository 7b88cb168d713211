import { isUtf8 } from 'node:buffer';
import { constants, type Dirent, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join, sep } from 'node:path';
import { isName } from '../job/id.ts';
import type { InvalidJob } from '../job/record.ts';
import { type ParsedJob, parseJobText } from './job-text.ts';
import { closeQuietly } from './read-regular-file.ts';
import { orUnavailable, unavailable } from './unavailable.ts';

/** No job file is larger. */
export const LARGEST_JOB_FILE = 256 * 1024;

/** A job's file, also under another ending or with other capitals: `Books.JSON`, `books.json.txt`. */
export const NEARLY_JOB_FILE = /\.json(?:\.txt|5|c)?$/i;

/** A file that changed this recently may change again without a trace in its time stamps. */
const SETTLED_MS = 1_000;

/** What tells one version of a file from another, without reading it. */
export interface FileStamp {
  ino: number;
  size: number;
  mtimeMs: number;
  ctimeMs: number;
}

/** One version of a job's file, as it was read. */
export interface JobVersion {
  text: string;
  stamp: FileStamp;
}

interface UnreadableVersion {
  stamp: FileStamp;
  problem: string;
  /** The failed system call, if that is the reason. */
  cause?: unknown;
}

interface Remembered extends FileStamp {
  settled: boolean;
  parsed: ParsedJob;
}

/** The definition's hash that the database holds for a job, if any. */
export type KnownHash = (id: string) => string | undefined;

/**
 * Reads the job files of one folder. Reading is synchronous: for thousands of small files it is several times faster
 * than promises, and never has more than one file open.
 */
export class JobFiles {
  readonly folder: string;
  readonly #buffer = Buffer.allocUnsafeSlow(LARGEST_JOB_FILE);
  #remembered = new Map<string, Remembered>();

  constructor(folder: string) {
    this.folder = folder;
  }

  pathOf(id: string): string {
    // Not join(): it costs as much as the look at the file.
    return `${this.folder}${sep}${id}.json`;
  }

  /** Whatever stands at the job's file name, also when it is no valid job. */
  exists(id: string): boolean {
    return this.stamp(id) !== undefined;
  }

  /** The names of all `*.json` entries without the ending, sorted; some may be no valid ids. */
  names(): string[] {
    return this.#entries().map(({ id }) => id);
  }

  /** All job files, sorted by id. Files that have not changed since are not read again. */
  list(knownHash: KnownHash): ParsedJob[] {
    const remembered = new Map<string, Remembered>();
    const jobs: ParsedJob[] = [];
    for (const { id, entry } of this.#entries()) {
      const problem = this.#problemOf(id, entry);
      const seen = problem ? undefined : (this.#recall(id) ?? this.#read(id, knownHash));
      if (seen) remembered.set(id, seen);
      const job = problem ?? seen?.parsed;
      if (job) jobs.push(job);
    }
    this.#remembered = remembered;
    return jobs;
  }

  /** One job's file as it is now; `undefined` when there is none. */
  read(id: string, knownHash: string | undefined): ParsedJob | undefined {
    if (!isName(id)) return undefined;
    return this.#read(id, () => knownHash)?.parsed;
  }

  /**
   * The version of a job's file that there is now; `undefined` when there is none that is a text.
   * @throws QuickscrapeError `store_unavailable`
   */
  version(id: string): JobVersion | undefined {
    const read = this.#readBytes(this.pathOf(id));
    // A file that the disk does not give is not a file that is not there.
    if (read && 'cause' in read) throw unavailable(`cannot read ${this.pathOf(id)}`, read.cause);
    return read && 'text' in read ? read : undefined;
  }

  /**
   * Whether a job's file is still the version `seen` (`undefined`: there was none). Reads it: an edit in place of the
   * same length within one tick of the system's clock leaves no trace in the stamp.
   */
  isStill(id: string, seen: JobVersion | undefined): boolean {
    if (!seen) return !this.exists(id);
    if (this.version(id)?.text !== seen.text) return false;
    const now = this.stamp(id);
    return now !== undefined && sameStamp(now, seen.stamp);
  }

  /** Which version of a job's file there is, without reading it. */
  stamp(id: string): FileStamp | undefined {
    const file = this.pathOf(id);
    const stats = orUnavailable(`cannot look at ${file}`, () => lstatSync(file, { throwIfNoEntry: false }));
    return stats && stampOf(stats);
  }

  stamps(): Map<string, FileStamp> {
    const stamps = new Map<string, FileStamp>();
    for (const id of this.names()) {
      const stamp = this.stamp(id);
      if (stamp) stamps.set(id, stamp);
    }
    return stamps;
  }

  #entries(): { id: string; entry: Dirent }[] {
    let entries: Dirent[];
    try {
      entries = readdirSync(this.folder, { withFileTypes: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw unavailable(`cannot list the jobs in ${this.folder}`, error);
    }
    return entries
      .filter(({ name }) => name.endsWith('.json') && !name.startsWith('.'))
      .map((entry) => ({ id: entry.name.slice(0, -'.json'.length), entry }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #problemOf(id: string, entry: Dirent): InvalidJob | undefined {
    if (entry.isFile() && isName(id)) return undefined;
    const file = join(this.folder, entry.name);
    if (!isName(id)) {
      const allowed = '1 to 64 lower-case letters, digits, "-" and "_", with a letter or digit at both ends';
      return { kind: 'invalid', id, file, reason: `the file's name is not a valid job id: ${allowed}` };
    }
    return { kind: 'invalid', id, file, reason: entry.isSymbolicLink() ? SYMLINK : NO_FILE };
  }

  #recall(id: string): Remembered | undefined {
    const remembered = this.#remembered.get(id);
    if (!remembered?.settled) return undefined;
    const now = this.stamp(id);
    return now && sameStamp(now, remembered) ? remembered : undefined;
  }

  #read(id: string, knownHash: KnownHash): Remembered | undefined {
    const file = this.pathOf(id);
    const read = this.#readBytes(file);
    if (!read) return undefined;
    const { ino, size, mtimeMs, ctimeMs } = read.stamp;
    const parsed: ParsedJob =
      'problem' in read
        ? { kind: 'invalid', id, file, reason: read.problem }
        : parseJobText(read.text, { id, file, modifiedAt: mtimeMs }, knownHash(id));
    return { ino, size, mtimeMs, ctimeMs, settled: Date.now() - ctimeMs > SETTLED_MS, parsed };
  }

  #readBytes(file: string): JobVersion | UnreadableVersion | undefined {
    let fd: number | undefined;
    let stamp: FileStamp = UNKNOWN;
    try {
      // A named pipe would block without O_NONBLOCK.
      fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      const stats = fstatSync(fd);
      stamp = stampOf(stats);
      if (!stats.isFile()) return { stamp, problem: NO_FILE };
      if (stats.size > LARGEST_JOB_FILE) return { stamp, problem: tooLarge(stats.size) };
      const length = this.#fill(fd, stats.size);
      const bytes = this.#buffer.subarray(0, length);
      const text = bytes.toString('utf8');
      // Decoding puts U+FFFD for broken bytes: written back, the file would not be the same.
      if (text.includes('\uFFFD') && !isUtf8(bytes)) return { stamp, problem: 'not UTF-8 text' };
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

/** The four numbers alone: Node's Stats holds five times as much. */
function stampOf({ ino, size, mtimeMs, ctimeMs }: FileStamp): FileStamp {
  return { ino, size, mtimeMs, ctimeMs };
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}

function tooLarge(size: number): string {
  return `${size} bytes; a job file has at most ${LARGEST_JOB_FILE}`;
}
