import { MINUTE_MS } from '../../core/lib/clock.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';

/** Limits for changes by one client: enough for human work, too few for a runaway loop. */
export interface CallLimits {
  /** Calls per minute that change something or access the web. */
  perMinute: number;
  /** Such calls that may be active at once. */
  maxConcurrent: number;
  /** Jobs that one server process may create. */
  jobs: number;
  /** Configuration texts that one server process may write. */
  configs: number;
}

export const DEFAULT_CALL_LIMITS: CallLimits = {
  perMinute: 600,
  maxConcurrent: 100,
  jobs: 1_000,
  configs: 1_000,
};

/** Objects with a limit per server process. */
export type QuotaKind = 'jobs' | 'configs';

const QUOTA_ERRORS: Record<QuotaKind, { text(count: number): string; hint: string }> = {
  jobs: {
    text: (count) => `this server has created ${count} jobs, which is its limit`,
    hint: 'Use update_job on an existing one, or ask the person to start the server again.',
  },
  configs: {
    text: (count) => `this server has saved configurations ${count} times, which is its limit`,
    hint: 'Try texts with test_config; to save more, ask the person to start the server again.',
  },
};

/** Counts the calls of a server. Times are milliseconds of a monotonic clock. */
export class CallQuota {
  readonly #limits: CallLimits;
  readonly #calls: number[] = [];
  readonly #used: Record<QuotaKind, number> = { jobs: 0, configs: 0 };
  #active = 0;
  #refused = false;

  constructor(limits: Partial<CallLimits> = {}) {
    this.#limits = { ...DEFAULT_CALL_LIMITS, ...limits };
  }

  /**
   * @param count how many jobs the call changes; each counts as a call
   * @throws QuickscrapeError `not_allowed`; its hint says how long to wait
   */
  countCall(now: number, count = 1): void {
    const oldest = this.#oldest(now);
    if (oldest !== undefined && this.#calls.length + count > this.#limits.perMinute) {
      this.#refused = true;
      throw new QuickscrapeError(
        'not_allowed',
        `more than ${this.#limits.perMinute} calls in a minute that change something`,
        { hint: `Wait ${Math.ceil((oldest + MINUTE_MS - now) / 1000)} s. Reading is not limited.` },
      );
    }
    this.#refused = false;
    for (let counted = 0; counted < count; counted += 1) this.#calls.push(now);
  }

  /** Whether the latest call was refused and the next one would be refused too. */
  isStillRefusing(now: number): boolean {
    return this.#refused && this.#oldest(now) !== undefined && this.#calls.length >= this.#limits.perMinute;
  }

  /** Runs the work of one call. @throws QuickscrapeError `not_allowed` when too many calls are active */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#active >= this.#limits.maxConcurrent) {
      throw new QuickscrapeError(
        'not_allowed',
        `too many concurrent calls (limit: ${this.#limits.maxConcurrent})`,
        {
          hint: 'Wait for an answer, then ask again; run_job with wait_seconds 0 answers at once.',
        },
      );
    }
    this.#active += 1;
    try {
      return await work();
    } finally {
      this.#active -= 1;
    }
  }

  /**
   * Runs work that creates a limited object, and counts it.
   * @param isCounted whether the result reports that the object was created
   * @throws QuickscrapeError `not_allowed` when the limit of this server process is reached
   */
  async record<T>(what: QuotaKind, work: () => Promise<T>, isCounted: (answer: T) => boolean): Promise<T> {
    const { [what]: limit } = this.#limits;
    const { text, hint } = QUOTA_ERRORS[what];
    if (this.#used[what] >= limit) throw new QuickscrapeError('not_allowed', text(limit), { hint });
    // Count before the work ends, because a client may send many calls at once.
    this.#used[what] += 1;
    let made = false;
    try {
      const answer = await work();
      made = isCounted(answer);
      return answer;
    } finally {
      if (!made) this.#used[what] -= 1;
    }
  }

  /** Time of the oldest call within the last minute. */
  #oldest(now: number): number | undefined {
    while (this.#calls[0] !== undefined && this.#calls[0] <= now - MINUTE_MS) this.#calls.shift();
    return this.#calls[0];
  }
}
