/** When something last happened to each key. It forgets what is older than `keepMs`, so that it does not grow for ever. */
export class RecentTimes {
  readonly #keepMs: number;
  /** The oldest first. */
  readonly #times = new Map<string, number>();

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  get size(): number {
    return this.#times.size;
  }

  /** @returns `undefined` when it is not known, or too long ago */
  get(key: string, now: number): number | undefined {
    const at = this.#times.get(key);
    return at === undefined || now - at > this.#keepMs ? undefined : at;
  }

  /** @param now on a clock that never goes back */
  set(key: string, now: number): void {
    this.#times.delete(key);
    this.#times.set(key, now);
    for (const [oldest, at] of this.#times) {
      if (now - at <= this.#keepMs) break;
      this.#times.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#times.delete(key);
  }
}
