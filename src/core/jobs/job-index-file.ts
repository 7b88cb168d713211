import { constants, futimesSync, openSync, statSync } from 'node:fs';
import { removeLeftover } from '../fs/atomic-file.ts';
import { closeQuietly } from '../fs/read-regular-file.ts';
import { type CachedFile, type IndexedFile, JobIndex, writeJobIndex } from './job-index.ts';

/** With fewer jobs than this, looking at a file and not reading it saves nothing that anybody would see. */
const MIN_JOBS = 500;
/** The share of the files that are read, in place of being looked at, for which nobody writes an index. */
const MAX_READ_SHARE = 0.25;

/**
 * Where the index of a folder of job files is kept. It is written by who would have needed it: when many files had to be read
 * and few of them have changed since all were listed the last time, by whichever process. Where jobs run more often than
 * somebody lists them all, it would be of no use the next time either. When that was is the time of the file.
 */
export class JobIndexFile {
  readonly #file: string;
  readonly #folder: string;
  readonly #minJobs: number;
  #index: JobIndex | undefined;
  #opened: { listedBefore: number | undefined; at: Date } | undefined;
  #isDone = false;

  constructor(file: string, folder: string, minJobs = MIN_JOBS) {
    this.#file = file;
    this.#folder = folder;
    this.#minJobs = minJobs;
  }

  /** The index, if there is one that helps with so many jobs. Only once: later on a process remembers more than it says. */
  open(jobs: number): JobIndex | undefined {
    if (this.#isDone) return undefined;
    this.#isDone = true;
    if (jobs < this.#minJobs) {
      // It would keep for ever what jobs said that are no more.
      removeLeftover(this.#file);
      return undefined;
    }
    this.#opened = { listedBefore: timeOf(this.#file), at: new Date() };
    this.#index = JobIndex.open(this.#file, this.#folder);
    return this.#index;
  }

  /** After all files have been listed with the index that was opened. @param files by id, in the order of the ids */
  update(files: ReadonlyMap<string, CachedFile>): void {
    if (this.#opened === undefined) return;
    const { listedBefore, at } = this.#opened;
    let read = -(this.#index?.used ?? 0);
    this.#opened = undefined;
    this.#index = undefined;
    let changed = 0;
    for (const { settled, parsed, ctimeMs } of files.values()) {
      if (settled && parsed.kind === 'valid' && parsed.isPlain) read += 1;
      if (listedBefore === undefined || ctimeMs >= listedBefore) changed += 1;
    }
    const many = files.size * MAX_READ_SHARE;
    if (read >= many && changed < many) writeJobIndex(this.#file, this.#folder, settledIn(files));
    else recordListing(this.#file, at);
  }
}

/** Those of which nothing can have changed unnoticed since they were read. */
function* settledIn(files: ReadonlyMap<string, CachedFile>): Generator<IndexedFile> {
  for (const { settled, parsed, ino, size, mtimeMs, ctimeMs } of files.values())
    if (settled && parsed.kind === 'valid') yield { stamp: { ino, size, mtimeMs, ctimeMs }, file: parsed };
}

function timeOf(file: string): number | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    return undefined;
  }
}

function recordListing(file: string, at: Date): void {
  try {
    const { O_WRONLY, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    const opened = openSync(file, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    try {
      futimesSync(opened, at, at);
    } finally {
      closeQuietly(opened);
    }
  } catch {
    // Then nobody writes an index here, and all files are read.
  }
}
