import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FileStamp, isSettled, sameStamp, stampOf } from '../fs/file-stamp.ts';
import { unavailable } from '../fs/system-errors.ts';

const EXTENSION = '.json';

/** Why an entry with the name of a job file is not one. */
export type OddEntry = 'link' | 'no file';

/** The `*.json` entries of a folder. */
export interface NamedEntries {
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
