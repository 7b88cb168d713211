/** So many parts are kept apart: a stream that comes byte by byte must not cost an object a byte. */
const MAX_CHUNKS = 512;

/** Bytes that came in parts and are wanted as one. */
export class MessageBuffer {
  #parts: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get last(): number | undefined {
    return this.#parts.at(-1)?.at(-1);
  }

  add(part: Buffer): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#parts.length > MAX_CHUNKS) this.#parts = [Buffer.concat(this.#parts, this.#size)];
  }

  /** All of them, in one; afterwards there are none. */
  take(): Buffer {
    const [first] = this.#parts;
    const all = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts, this.#size);
    this.clear();
    return all;
  }

  clear(): void {
    this.#parts = [];
    this.#size = 0;
  }
}
