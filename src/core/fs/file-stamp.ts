/** Milliseconds. A second change of a file or folder within this time may leave its time stamps the same. */
const SETTLED_MS = 1_000;

/** Distinguishes versions of a file, or of a folder's list of entries, without reading it. */
export interface FileStamp {
  ino: number;
  size: number;
  mtimeMs: number;
  ctimeMs: number;
}

/** Copies only the four numbers: Node's Stats takes five times as much memory. */
export function stampOf({ ino, size, mtimeMs, ctimeMs }: FileStamp): FileStamp {
  return { ino, size, mtimeMs, ctimeMs };
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}

/** Whether a change after `at` (epoch milliseconds) will change the stamp. */
export function isSettled({ ctimeMs }: Pick<FileStamp, 'ctimeMs'>, at = Date.now()): boolean {
  return at - ctimeMs > SETTLED_MS;
}

/** A source of stamps, such as the job store or the configurations. */
export interface StampSource {
  /** The names of all files, each once. */
  ids(): readonly string[];
  /** Returns the version of a file without reading it. */
  stamp(name: string): FileStamp | undefined;
}

type Change = [name: string, now: FileStamp | undefined];

/** Stores the last reported version of each file, to find the files that have changed since. */
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

  /** Returns those of `names` whose file has changed, and stores their new versions. */
  compare(names: readonly string[]): string[] {
    return this.#note(this.#lookFor(names));
  }

  /** Like {@link compare}, for all current and previous files. */
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

  /** Stores changes only after all files have been checked: if a check fails, no change counts as reported. */
  #note(changed: readonly Change[]): string[] {
    return changed.map(([name, now]) => {
      this.#known.set(name, now);
      return name;
    });
  }
}

/** How many numbers a stamp has. */
const WIDTH = 4;
const INITIAL_CAPACITY = 16;
const GROWTH = 1.5;

/** The stamps of many files, by name. Each takes 32 bytes; an object of four numbers takes three times as much. */
class StampTable {
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  #numbers = new Float64Array(INITIAL_CAPACITY * WIDTH);

  get size(): number {
    return this.#slots.size;
  }

  /** Whether a file has exactly this stamp; with `undefined`: whether it has none. */
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

  /** Sets a file's stamp; `undefined` removes the file. */
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

  /** Returns the files in the table that are not in `names`, which must be unique. */
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
