/** How one request ended. Times are monotonic milliseconds. */
export interface RequestOutcome {
  startedAt: number;
  endedAt: number;
  /** Undefined for a request that failed without a response. */
  status: number | undefined;
}

/** Latencies of which the median counts: one slow page alone says nothing. */
const SAMPLES = 8;
/** With fewer, no latency is judged. */
const MIN_SAMPLES = 5;
/** The latency has risen when it is this many times the usual one… */
const RISEN_FACTOR = 2;
/** …and more than this beside it, so that fast sites may vary. */
const RISEN_SLACK_MS = 100;

/**
 * Decides how many requests a host may have at a time: one more after each answer in steady time, half as many after a
 * 429, an error of the server or a risen latency (additive increase, multiplicative decrease, as TCP has it; the signs
 * are those of Scrapy's AutoThrottle). Pure.
 */
export class AdaptiveLimit {
  readonly #max: number;
  #limit = 1;
  #latencies: number[] = [];
  /** The latency at which the site is not overloaded. */
  #usual = Number.POSITIVE_INFINITY;
  #decreasedAt = Number.NEGATIVE_INFINITY;

  constructor(max: number) {
    this.#max = max;
  }

  get limit(): number {
    return this.#limit;
  }

  /** The median of the last latencies, in milliseconds; undefined before the first response. */
  get latency(): number | undefined {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }

  note({ startedAt, endedAt, status }: RequestOutcome): void {
    // What was sent before the last decrease says nothing about the present load.
    if (startedAt < this.#decreasedAt) return;
    const isRefused = status === undefined || status === 429 || status >= 500;
    if (!isRefused) this.#latencies = [...this.#latencies, endedAt - startedAt].slice(-SAMPLES);
    if (isRefused || this.#hasRisen()) this.#decrease(endedAt);
    else if (this.#latencies.length >= MIN_SAMPLES || this.#decreasedAt < 0)
      this.#limit = Math.min(this.#max, this.#limit + 1);
  }

  #hasRisen(): boolean {
    if (this.#latencies.length < MIN_SAMPLES) return false;
    const { latency = 0 } = this;
    // A single request at a time overloads no site: what it takes then is usual.
    this.#usual = this.#limit === 1 ? latency : Math.min(this.#usual, latency);
    return latency > RISEN_FACTOR * this.#usual + RISEN_SLACK_MS;
  }

  #decrease(now: number): void {
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#decreasedAt = now;
    this.#latencies = [];
  }
}
