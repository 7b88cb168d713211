import { isUtf8 } from 'node:buffer';
import { constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileStamp, stampOf } from '../fs/file-stamp.ts';
import { closeQuietly } from '../fs/read-regular-file.ts';
import { unavailable } from '../fs/unavailable.ts';
import { MAX_JOB_FILE_BYTES } from '../model/job-record.ts';

/** One version of a job's file, as it was read. */
export interface JobVersion {
  text: string;
  stamp: FileStamp;
}

/** One that is no text of a job. */
export interface UnreadableVersion {
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

export const SYMLINK = 'a symbolic link; job files are regular files';
export const NO_FILE = 'not a regular file';
const UNKNOWN: FileStamp = { ino: 0, size: -1, mtimeMs: 0, ctimeMs: 0 };

function tooLarge(size: number): string {
  return `${size} bytes; a job file has at most ${MAX_JOB_FILE_BYTES}`;
}
