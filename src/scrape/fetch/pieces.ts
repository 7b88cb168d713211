/** A smaller piece is copied, once there are many: as a buffer of its own it takes more memory than what it holds. */
const SMALL = 4096;
const MANY = 64;
const BLOCK = 65_536;

/** A body as it comes, in pieces of any size: those of one byte take ten million buffers for 10 MB. */
export class Pieces {
  readonly #whole: Buffer[] = [];
  #block = Buffer.alloc(0);
  #filled = 0;
  #size = 0;

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  add(piece: Buffer): void {
    this.#size += piece.length;
    if (piece.length >= SMALL || this.#whole.length < MANY) {
      this.#endBlock();
      this.#whole.push(piece);
      return;
    }
    if (this.#filled + piece.length > this.#block.length) {
      this.#endBlock();
      this.#block = Buffer.allocUnsafeSlow(BLOCK);
    }
    this.#filled += piece.copy(this.#block, this.#filled);
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
