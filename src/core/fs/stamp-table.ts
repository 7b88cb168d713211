import type { FileStamp } from './file-stamp.ts';

/** Numbers of a stamp. */
const WIDTH = 4;
const INITIAL_CAPACITY = 16;
const GROWTH = 1.5;

/** The stamps of many files, by name: 32 bytes each, where an object of four numbers takes three times as much. */
export class StampTable {
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
