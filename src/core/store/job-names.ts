import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FileStamp, isSettled, sameStamp, stampOf } from './file-stamp.ts';
import { unavailable } from './unavailable.ts';

/** An entry of the jobs folder; its id may be no valid one. */
export interface NamedEntry {
  id: string;
  entry: Dirent;
}

/**
 * The `*.json` entries of a folder. A folder's own time stamp changes whenever an entry comes, goes or is replaced, so it
 * is read again only then.
 */
export class JobNames {
  readonly #folder: string;
  #known: { stamp: FileStamp; entries: readonly NamedEntry[] } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Sorted by id. @throws QuickscrapeError `store_unavailable` */
  list(): readonly NamedEntry[] {
    try {
      const stats = statSync(this.#folder, { throwIfNoEntry: false });
      if (stats && this.#known && sameStamp(stats, this.#known.stamp)) return this.#known.entries;
      const entries = this.#read();
      this.#known = stats && isSettled(stats) ? { stamp: stampOf(stats), entries } : undefined;
      return entries;
    } catch (error) {
      // A home without the folder has no jobs yet; no home at all is something that somebody has to hear of.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(dirname(this.#folder))) return [];
      throw unavailable(`cannot list the jobs in ${this.#folder}`, error);
    }
  }

  #read(): NamedEntry[] {
    return readdirSync(this.#folder, { withFileTypes: true })
      .filter(({ name }) => name.endsWith('.json') && !name.startsWith('.'))
      .map((entry) => ({ id: entry.name.slice(0, -'.json'.length), entry }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
