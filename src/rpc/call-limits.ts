import { QuickscrapeError } from '../core/errors.ts';

/** How much a client may change: enough for any person's work, little for a loop that has gone wild. */
export interface CallLimits {
  /** Calls a minute that change something or reach the web. */
  perMinute: number;
  /** Jobs that one server makes in its life. */
  jobs: number;
}

export const DEFAULT_LIMITS: CallLimits = { perMinute: 600, jobs: 1_000 };

/** Counts what a server did. Time in milliseconds of a clock that never goes back. */
export class CallCounter {
  readonly #limits: CallLimits;
  readonly #calls: number[] = [];
  #jobs = 0;

  constructor(limits: CallLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** @throws QuickscrapeError `not_allowed`, saying when to try again */
  call(now: number): void {
    while (this.#calls[0] !== undefined && this.#calls[0] <= now - 60_000) this.#calls.shift();
    const [oldest] = this.#calls;
    if (oldest !== undefined && this.#calls.length >= this.#limits.perMinute) {
      throw new QuickscrapeError(
        'not_allowed',
        `more than ${this.#limits.perMinute} calls in a minute that change something`,
        { hint: `Wait ${Math.ceil((oldest + 60_000 - now) / 1000)} s. Reading is not limited.` },
      );
    }
    this.#calls.push(now);
  }

  /** @throws QuickscrapeError `not_allowed` when a server has made as many jobs as it may */
  beforeJob(): void {
    if (this.#jobs < this.#limits.jobs) return;
    throw new QuickscrapeError('not_allowed', `this server has made ${this.#jobs} jobs, as many as it may`, {
      hint: 'Use update_job on one that is there, or ask the person to start the server again.',
    });
  }

  jobMade(): void {
    this.#jobs += 1;
  }
}
