/** Lets so many works go on at once; those that come later wait, and begin in the order in which they came. */
export class Limiter {
  readonly #max: number;
  #active = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  /** Does `work` when it is its turn. @returns what it gives, and throws what it throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#active < this.#max) this.#active += 1;
    else await new Promise<void>((turn) => this.#waiting.push(turn));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#active -= 1;
      else next();
    }
  }
}
