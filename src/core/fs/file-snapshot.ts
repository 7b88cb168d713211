import type { FileStamp } from './file-stamp.ts';

/** Numbers of a stamp. */
const WIDTH = 4;
const INITIAL_CAPACITY = 16;
const GROWTH = 1.5;

/** The stamps of many files, by name: 32 bytes each, where an object of four numbers takes three times as much. */
class StampTable {
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  #numbers = new Float64Array(INITIAL_CAPACITY * WIDTH);

  get size(): number {
    return this.#slots.size;
  }

  /** Whether a file has just this stamp; `undefined`: whether it has none. */
  has(name: string, stamp: FileStamp | undefined): boolean {
    const slot = this.#slots.get(name);
    if (slot === undefined || stamp === undefined) return slot === stamp;
    const start = slot * WIDTH;
    return (
      this.#numbers[start] === stamp.ino &&
      this.#numbers[start + 1] === stamp.size &&
      this.#numbers[start + 2] === stamp.mtimeMs &&
      this.#numbers[start + 3] === stamp.ctimeMs
    );
  }

  /** `undefined` takes the file off. */
  set(name: string, stamp: FileStamp | undefined): void {
    let slot = this.#slots.get(name);
    if (stamp === undefined) {
      if (slot !== undefined) this.#free.push(slot);
      this.#slots.delete(name);
      return;
    }
    if (slot === undefined) {
      slot = this.#free.pop() ?? this.#slots.size;
      this.#slots.set(name, slot);
      this.#makeRoom(slot + 1);
    }
    const { ino, size, mtimeMs, ctimeMs } = stamp;
    this.#numbers.set([ino, size, mtimeMs, ctimeMs], slot * WIDTH);
  }

  /** The files in it that are not among `names`, of which each is there once. */
  namesExcept(names: readonly string[]): string[] {
    let found = 0;
    for (const name of names) if (this.#slots.has(name)) found += 1;
    if (found === this.#slots.size) return [];
    const given = new Set(names);
    return [...this.#slots.keys()].filter((name) => !given.has(name));
  }

  #makeRoom(slots: number): void {
    if (slots * WIDTH <= this.#numbers.length) return;
    const larger = new Float64Array(Math.ceil(slots * GROWTH) * WIDTH);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}

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
