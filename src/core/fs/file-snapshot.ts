import type { FileStamp } from './file-stamp.ts';
import { StampTable } from './stamp-table.ts';

/** Where stamps come from: the job store, the configurations. */
export interface StampSource {
  /** The names of all files, each once. */
  ids(): readonly string[];
  /** Which version of a file there is, without reading it. */
  stamp(name: string): FileStamp | undefined;
}

type Change = [name: string, now: FileStamp | undefined];

/** The version of each file that was last told, to tell which ones differ now. */
export class FileSnapshot {
  readonly #source: StampSource;
  readonly #known = new StampTable();

  constructor(source: StampSource) {
    this.#source = source;
    for (const name of source.ids()) this.#known.set(name, source.stamp(name));
  }

  /** How many files are known. */
  get size(): number {
    return this.#known.size;
  }

  /** Those of `names` whose file differs from what was known; from now on it is known. */
  compare(names: readonly string[]): string[] {
    return this.#note(this.#lookFor(names));
  }

  /** Like {@link compare}, for every file there is or was. */
  compareAll(): string[] {
    const names = this.#source.ids();
    const changed = this.#lookFor(names);
    const gone = this.#known.namesExcept(names).map((name): Change => [name, undefined]);
    return this.#note([...gone, ...changed]);
  }

  #lookFor(names: readonly string[]): Change[] {
    const changed: Change[] = [];
    for (const name of names) {
      const now = this.#source.stamp(name);
      if (!this.#known.has(name, now)) changed.push([name, now]);
    }
    return changed;
  }

  /** Once all have been looked at: where one of them cannot be, no change has been told. */
  #note(changed: readonly Change[]): string[] {
    return changed.map(([name, now]) => {
      this.#known.set(name, now);
      return name;
    });
  }
}
