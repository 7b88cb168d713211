import { QuickscrapeError } from '../../core/lib/errors.ts';

/** How much a client may change: enough for any person's work, little for a loop that has gone wild. */
export interface CallLimits {
  /** Calls a minute that change something or reach the web. */
  perMinute: number;
  /** Such calls that are not answered yet. */
  maxConcurrent: number;
  /** Jobs that one server makes in its life. */
  jobs: number;
  /** Texts of configurations that one server writes in its life. */
  configs: number;
}

export const DEFAULT_CALL_LIMITS: CallLimits = {
  perMinute: 600,
  maxConcurrent: 100,
  jobs: 1_000,
  configs: 1_000,
};

/** What a server makes so many of. */
export type QuotaKind = 'jobs' | 'configs';

const QUOTA_ERRORS: Record<QuotaKind, { text(count: number): string; hint: string }> = {
  jobs: {
    text: (count) => `this server has made ${count} jobs, as many as it may`,
    hint: 'Use update_job on one that is there, or ask the person to start the server again.',
  },
  configs: {
    text: (count) => `this server has saved configurations ${count} times, as often as it may`,
    hint: 'Try texts with test_config; to save more, ask the person to start the server again.',
  },
};

/** Counts what a server did. Time in milliseconds of a clock that never goes back. */
export class CallQuota {
  readonly #limits: CallLimits;
  readonly #calls: number[] = [];
  readonly #used: Record<QuotaKind, number> = { jobs: 0, configs: 0 };
  #active = 0;
  #refused = false;

  constructor(limits: Partial<CallLimits> = {}) {
    this.#limits = { ...DEFAULT_CALL_LIMITS, ...limits };
  }

  /** @throws QuickscrapeError `not_allowed`, saying when to try again */
  countCall(now: number): void {
    const oldest = this.#oldest(now);
    if (oldest !== undefined && this.#calls.length >= this.#limits.perMinute) {
      this.#refused = true;
      throw new QuickscrapeError(
        'not_allowed',
        `more than ${this.#limits.perMinute} calls in a minute that change something`,
        { hint: `Wait ${Math.ceil((oldest + 60_000 - now) / 1000)} s. Reading is not limited.` },
      );
    }
    this.#refused = false;
    this.#calls.push(now);
  }

  /** Whether a call has been refused since the last one that was not, and the next would be, too. */
  isStillRefusing(now: number): boolean {
    return this.#refused && this.#oldest(now) !== undefined && this.#calls.length >= this.#limits.perMinute;
  }

  /** Does what a call asks for. @throws QuickscrapeError `not_allowed` when too much is under way already */
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
   * Does what makes one of those that are limited.
   * @param isCounted whether the answer says that it was made
   * @throws QuickscrapeError `not_allowed` when a server has made as many as it may
   */
  async record<T>(what: QuotaKind, work: () => Promise<T>, isCounted: (answer: T) => boolean): Promise<T> {
    const { [what]: limit } = this.#limits;
    const { text, hint } = QUOTA_ERRORS[what];
    if (this.#used[what] >= limit) throw new QuickscrapeError('not_allowed', text(limit), { hint });
    // Those that are under way count: many may be asked for at once.
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

  /** When the oldest call of the last minute came. */
  #oldest(now: number): number | undefined {
    while (this.#calls[0] !== undefined && this.#calls[0] <= now - 60_000) this.#calls.shift();
    return this.#calls[0];
  }
}
