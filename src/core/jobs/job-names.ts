import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FileStamp, isSettled, sameStamp, stampOf } from '../fs/file-stamp.ts';
import { unavailable } from '../fs/unavailable.ts';

const EXTENSION = '.json';

/** What has the name of a job's file and is none. */
export type OddEntry = 'link' | 'no file';

/** The `*.json` entries of a folder. */
export interface NamedEntries {
  /** Their names without the ending, sorted; some may be no valid ids. */
  readonly ids: readonly string[];
  /** Those that are no regular files. */
  readonly odd: ReadonlyMap<string, OddEntry>;
}

const NONE: NamedEntries = { ids: [], odd: new Map() };

/**
 * The `*.json` entries of a folder. A folder's own time stamp changes whenever an entry comes, goes or is replaced, so it
 * is read again only then.
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
      // A home without the folder has no jobs yet; no home at all is something that somebody has to hear of.
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
