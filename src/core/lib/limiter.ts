/** Limits the number of concurrent tasks; further tasks wait and begin in the order of their arrival. */
export class Limiter {
  readonly #max: number;
  #active = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  /** Runs `work` when it is its turn. @returns its result; throws its error */
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
