/** A smaller piece is copied, once there are many: as a buffer of its own it takes more memory than what it holds. */
const MIN_CHUNK_BYTES = 4096;
const MAX_CHUNKS = 64;
const BLOCK_BYTES = 65_536;

/** A body as it comes, in pieces of any size: those of one byte take ten million buffers for 10 MB. */
export class ChunkBuffer {
  readonly #whole: Buffer[] = [];
  #block = Buffer.alloc(0);
  #filled = 0;
  #size = 0;

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (chunk.length >= MIN_CHUNK_BYTES || this.#whole.length < MAX_CHUNKS) {
      this.#endBlock();
      this.#whole.push(chunk);
      return;
    }
    if (this.#filled + chunk.length > this.#block.length) {
      this.#endBlock();
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    }
    this.#filled += chunk.copy(this.#block, this.#filled);
  }

  /** The first `length` bytes. */
  join(length: number): Buffer {
    this.#endBlock();
    const [first] = this.#whole;
    return this.#whole.length === 1 && first?.length === length ? first : Buffer.concat(this.#whole, length);
  }

  #endBlock(): void {
    if (this.#filled > 0) this.#whole.push(this.#block.subarray(0, this.#filled));
    this.#block = this.#block.subarray(this.#filled);
    this.#filled = 0;
  }
}
