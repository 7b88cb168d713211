/** Values by id, of which those that were used last are kept. */
export class RecentlyUsed<T> {
  readonly #most: number;
  /** The one that was used last stands last. */
  readonly #values = new Map<string, T>();

  /** @param most how many are kept; without, all */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  get(id: string): T | undefined {
    const value = this.#values.get(id);
    if (value !== undefined && this.#most !== Number.POSITIVE_INFINITY) this.set(id, value);
    return value;
  }

  set(id: string, value: T): void {
    if (this.#most === Number.POSITIVE_INFINITY) {
      this.#values.set(id, value);
      return;
    }
    this.#values.delete(id);
    this.#values.set(id, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#most) break;
      this.#values.delete(oldest);
    }
  }

  delete(id: string): void {
    this.#values.delete(id);
  }
}
