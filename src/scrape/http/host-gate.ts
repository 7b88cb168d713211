import { pause } from '../lib/pause.ts';
import { cancelledError, ScrapeError, throwIfCancelled } from '../lib/scrape-error.ts';
import { AdaptiveLimit, type RequestOutcome } from './adaptive-limit.ts';
import type { Exchange } from './exchange.ts';
import { isTransientError } from './network-error.ts';
import { getRetryAfterMs } from './retry-request.ts';

/** How fast requests to a host may follow each other. */
export interface Pace {
  /** The most requests at a time. */
  max: number;
  /**
   * The delay in milliseconds: between the starts of requests, or after the end of one where `max` is 1.
   * @param latency what the host usually takes, in milliseconds; undefined before its first response
   */
  getDelayMs(latency: number | undefined): number;
}

interface Waiting {
  max: number;
  start(): void;
}

/** Lets several requests at a time to one host, in the order in which they come. Times are monotonic milliseconds. */
export class HostGate {
  readonly #limit: AdaptiveLimit;
  readonly #waiting: Waiting[] = [];
  #active = 0;
  #most = 0;
  #lastStart = Number.NEGATIVE_INFINITY;
  #lastEnd = Number.NEGATIVE_INFINITY;
  #heldUntil = Number.NEGATIVE_INFINITY;

  constructor(concurrency: number) {
    this.#limit = new AdaptiveLimit(concurrency);
  }

  /** The most requests that had a place at a time. */
  get most(): number {
    return this.#most;
  }

  /**
   * Waits until the next request may start.
   * @returns when it starts, for {@link leave}
   * @throws ScrapeError `cancelled`
   */
  async enter(pace: Pace, signal: AbortSignal): Promise<number> {
    throwIfCancelled(signal);
    await this.#takePlace(pace.max, signal);
    try {
      return await this.#waitForStart(pace, signal);
    } catch (error) {
      this.#givePlace();
      throw error;
    }
  }

  /** @param outcome undefined for a request that says nothing about the host, such as a cancelled one */
  leave(outcome: RequestOutcome | undefined): void {
    this.#lastEnd = performance.now();
    if (outcome !== undefined) this.#limit.note(outcome);
    this.#givePlace();
  }

  /** No request starts before this time has passed. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, performance.now() + ms);
  }

  async #takePlace(max: number, signal: AbortSignal): Promise<void> {
    if (this.#waiting.length === 0 && this.#hasPlace(max)) return this.#addActive();
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(cancelledError(signal));
      };
      const waiting = {
        max,
        start: () => {
          signal.removeEventListener('abort', stop);
          resolve();
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #addActive(): void {
    this.#active += 1;
    this.#most = Math.max(this.#most, this.#active);
  }

  #givePlace(): void {
    this.#active -= 1;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!this.#hasPlace(next.max)) return;
      this.#waiting.shift();
      this.#addActive();
      next.start();
    }
  }

  #hasPlace(max: number): boolean {
    return this.#active < Math.min(max, this.#limit.limit);
  }

  async #waitForStart({ max, getDelayMs }: Pace, signal: AbortSignal): Promise<number> {
    const last = max === 1 ? Math.max(this.#lastStart, this.#lastEnd) : this.#lastStart;
    // Reserved before the wait, so that those that wait line up.
    const reserved = Math.max(performance.now(), last + getDelayMs(this.#limit.latency));
    this.#lastStart = reserved;
    // A host may ask for a pause while a request waits.
    for (let now = performance.now(); now < Math.max(reserved, this.#heldUntil); now = performance.now())
      await pause(Math.max(reserved, this.#heldUntil) - now, signal);
    const startedAt = performance.now();
    this.#lastStart = Math.max(this.#lastStart, startedAt);
    return startedAt;
  }
}

/**
 * Sends one request through a gate. When the host asks for fewer requests, all that follow wait: as long as it says,
 * else a moment.
 * @param momentMs how long that is, in milliseconds
 * @throws the errors of `send`; ScrapeError `cancelled`
 */
export async function sendThroughGate<T extends Exchange>(
  gate: HostGate,
  pace: Pace,
  signal: AbortSignal,
  send: () => Promise<T>,
  momentMs: number,
): Promise<T> {
  const startedAt = await gate.enter(pace, signal);
  let outcome: { status: number | undefined } | undefined;
  try {
    const answer = await send();
    const { status, headers } = answer;
    outcome = { status };
    if (status === 429 || status === 503) gate.hold(getRetryAfterMs(headers) ?? momentMs);
    return answer;
  } catch (error) {
    const isOfHost = error instanceof ScrapeError && (error.kind === 'timeout' || isTransientError(error));
    if (isOfHost) outcome = { status: undefined };
    throw error;
  } finally {
    gate.leave(outcome && { startedAt, endedAt: performance.now(), ...outcome });
  }
}
