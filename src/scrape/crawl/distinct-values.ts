import { hash } from 'node:crypto';

/** Words of 32 bits that stand for a value: with 128 bits, no two values collide among a billion. */
const WORDS = 4;
const INITIAL_CAPACITY = 1024;

/** Finds values that come again, in about 50 bytes for each distinct one: it holds their hashes, not the values. */
export class DistinctValues {
  #size = 0;
  readonly #digest = new Uint32Array(WORDS);
  #digests = new Uint32Array(INITIAL_CAPACITY * WORDS);
  /** By value: the row that had it first. */
  #rows = new Float64Array(INITIAL_CAPACITY);
  /** The number of a value, from 1, at its hash or at the next free slot (open addressing); 0: free. At most half full. */
  #slots = new Uint32Array(INITIAL_CAPACITY * 2);

  /** @returns the row that had the value first; undefined if none did, then `row` is remembered for it */
  add(value: string, row: number): number | undefined {
    const digest = this.#digestOf(value);
    const slot = this.#slotOf(digest);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return this.#rows[known - 1];
    this.#digests.set(digest, this.#size * WORDS);
    this.#rows[this.#size] = row;
    this.#size += 1;
    this.#slots[slot] = this.#size;
    if (this.#size === this.#rows.length) this.#grow();
    return undefined;
  }

  #digestOf(value: string): Uint32Array {
    const bytes = hash('sha256', value, 'buffer');
    for (let word = 0; word < WORDS; word++) this.#digest[word] = bytes.readUInt32LE(word * 4);
    return this.#digest;
  }

  #slotOf(digest: Uint32Array): number {
    const mask = this.#slots.length - 1;
    for (let slot = (digest[0] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || this.#isAt(known - 1, digest)) return slot;
    }
  }

  #isAt(index: number, digest: Uint32Array): boolean {
    for (let word = 0; word < WORDS; word++)
      if (this.#digests[index * WORDS + word] !== digest[word]) return false;
    return true;
  }

  #grow(): void {
    const capacity = this.#rows.length * 2;
    const [digests, rows] = [new Uint32Array(capacity * WORDS), new Float64Array(capacity)];
    digests.set(this.#digests);
    rows.set(this.#rows);
    this.#digests = digests;
    this.#rows = rows;
    this.#slots = new Uint32Array(capacity * 2);
    for (let index = 0; index < this.#size; index++)
      this.#slots[this.#slotOf(digests.subarray(index * WORDS, (index + 1) * WORDS))] = index + 1;
  }
}
