import { hash } from 'node:crypto';

/**
 * The part of a SHA-256 that represents a text, in 32-bit words. With 128 bits, no two texts collide among a billion
 * rows.
 */
const DIGEST_WORDS = 4;
const INITIAL_CAPACITY = 1024;
const NONE = -1;

/** The byte range of a row's line in its file. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** The digest of a text in a {@link ItemHashIndex}. */
export type Digest = Uint32Array;

export function digestText(text: string): Digest {
  const bytes = hash('sha256', text, 'buffer');
  return Uint32Array.from({ length: DIGEST_WORDS }, (_, word) => bytes.readUInt32LE(word * 4));
}

/**
 * Indexes the rows of an item file by the hash of their key, without holding the rows. It uses about 70 bytes per row in
 * typed arrays; a map of objects would take several times as much. Rows with the same key are taken in insertion order.
 */
export class ItemHashIndex {
  #size = 0;
  #keys = new Uint32Array(INITIAL_CAPACITY * DIGEST_WORDS);
  #values = new Uint32Array(INITIAL_CAPACITY * DIGEST_WORDS);
  #offsets = new Float64Array(INITIAL_CAPACITY);
  #lengths = new Uint32Array(INITIAL_CAPACITY);
  #taken = new Uint8Array(INITIAL_CAPACITY);
  /** By row: the next row with the same key. */
  #next = new Int32Array(INITIAL_CAPACITY);
  /** By the first row of a key: the last row added, and (in `#waiting`) the first one not taken. */
  #last = new Int32Array(INITIAL_CAPACITY);
  #waiting = new Int32Array(INITIAL_CAPACITY);
  /** The first row of each key, at its hash or at the next free slot after it (open addressing). At most half full. */
  #slots = new Int32Array(INITIAL_CAPACITY * 2).fill(NONE);

  get size(): number {
    return this.#size;
  }

  /** @param value a second digest that is stored with the row */
  add(key: Digest, value: Digest, { offset, length }: ByteRange): void {
    if (this.#size === this.#offsets.length) this.#grow();
    const row = this.#size++;
    this.#keys.set(key, row * DIGEST_WORDS);
    this.#values.set(value, row * DIGEST_WORDS);
    this.#offsets[row] = offset;
    this.#lengths[row] = length;
    this.#next[row] = NONE;
    const slot = this.#slotOf(key);
    const first = this.#slots[slot] ?? NONE;
    if (first === NONE) {
      this.#slots[slot] = row;
      this.#waiting[row] = row;
    } else {
      this.#next[this.#last[first] ?? NONE] = row;
    }
    this.#last[first === NONE ? row : first] = row;
  }

  /** Takes the first row with this key that was not taken yet. Call it only after all rows were added. */
  take(key: Digest): number | undefined {
    const first = this.#slots[this.#slotOf(key)] ?? NONE;
    const row = first === NONE ? NONE : (this.#waiting[first] ?? NONE);
    if (row === NONE) return undefined;
    this.#waiting[first] = this.#next[row] ?? NONE;
    this.#taken[row] = 1;
    return row;
  }

  keyOf(row: number): Digest {
    return this.#keys.subarray(row * DIGEST_WORDS, (row + 1) * DIGEST_WORDS);
  }

  valueOf(row: number): Digest {
    return this.#values.subarray(row * DIGEST_WORDS, (row + 1) * DIGEST_WORDS);
  }

  rangeOf(row: number): ByteRange {
    return { offset: this.#offsets[row] ?? 0, length: this.#lengths[row] ?? 0 };
  }

  /** The first `limit` rows that were not taken, in order. */
  untaken(limit = Number.POSITIVE_INFINITY): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.#size && rows.length < limit; row++)
      if (this.#taken[row] === 0) rows.push(row);
    return rows;
  }

  /** The slot that holds a key, or the free slot where it belongs. */
  #slotOf(key: Digest): number {
    const mask = this.#slots.length - 1;
    for (let slot = (key[0] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const first = this.#slots[slot] ?? NONE;
      if (first === NONE || isAt(this.#keys, first, key)) return slot;
    }
  }

  #grow(): void {
    const capacity = this.#offsets.length * 2;
    this.#keys = copyInto(this.#keys, new Uint32Array(capacity * DIGEST_WORDS));
    this.#values = copyInto(this.#values, new Uint32Array(capacity * DIGEST_WORDS));
    this.#offsets = copyInto(this.#offsets, new Float64Array(capacity));
    this.#lengths = copyInto(this.#lengths, new Uint32Array(capacity));
    this.#taken = copyInto(this.#taken, new Uint8Array(capacity));
    this.#next = copyInto(this.#next, new Int32Array(capacity));
    this.#last = copyInto(this.#last, new Int32Array(capacity));
    this.#waiting = copyInto(this.#waiting, new Int32Array(capacity));
    const before = this.#slots;
    this.#slots = new Int32Array(capacity * 2).fill(NONE);
    for (const first of before) {
      if (first !== NONE)
        this.#slots[this.#slotOf(this.#keys.subarray(first * DIGEST_WORDS, (first + 1) * DIGEST_WORDS))] =
          first;
    }
  }
}

function isAt(column: Uint32Array, row: number, digest: Digest): boolean {
  for (let word = 0; word < DIGEST_WORDS; word++)
    if (column[row * DIGEST_WORDS + word] !== digest[word]) return false;
  return true;
}

function copyInto<T extends { set(source: ArrayLike<number>): void }>(from: ArrayLike<number>, to: T): T {
  to.set(from);
  return to;
}
