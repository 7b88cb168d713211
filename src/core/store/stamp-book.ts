import { type FileStamp, sameStamp } from './file-stamp.ts';

/** Where stamps come from: the job store, the configurations. */
export interface Stamped {
  stamp(id: string): FileStamp | undefined;
  stamps(): Map<string, FileStamp>;
}

/** The version of each file that was last told, to tell which ones differ now. */
export class StampBook {
  readonly #source: Stamped;
  #known: Map<string, FileStamp>;

  constructor(source: Stamped) {
    this.#source = source;
    this.#known = source.stamps();
  }

  /** Those of `ids` whose file differs from what was known; from now on it is known. */
  compare(ids: readonly string[]): string[] {
    return ids.filter((id) => {
      const now = this.#source.stamp(id);
      const before = this.#known.get(id);
      if (now) this.#known.set(id, now);
      else this.#known.delete(id);
      return !(now && before ? sameStamp(now, before) : now === before);
    });
  }

  /** Like {@link compare}, for every file there is or was. */
  compareAll(): string[] {
    const now = this.#source.stamps();
    const gone = [...this.#known.keys()].filter((id) => !now.has(id));
    const changed = [...now].filter(([id, stamp]) => {
      const before = this.#known.get(id);
      return before === undefined || !sameStamp(before, stamp);
    });
    this.#known = now;
    return [...gone, ...changed.map(([id]) => id)];
  }
}
