import { cancelledError, type ScrapeError } from '../lib/scrape-error.ts';
import { timeoutError } from './network-error.ts';

/** A whole response may take this many times the time-out, however steadily it drips. */
const TOTAL_TIMEOUT_FACTOR = 4;

/**
 * Ends one request: if its run is cancelled, if nothing arrives during the time-out, or if the whole response takes
 * four times as long. The timers of undici have a resolution of half a second and do not detect a slow drip.
 */
export class Watchdog {
  readonly #parent: AbortSignal;
  readonly #url: URL;
  readonly #timeoutMs: number;
  readonly #deadline: number;
  readonly #timer: NodeJS.Timeout;
  readonly #onParentAbort = () => this.#abort(cancelledError(this.#parent));
  #phase = 'no answer';
  #signs = 0;
  #isClosed = false;
  #reason: ScrapeError | undefined;
  #end: (reason: ScrapeError) => void = () => undefined;

  constructor(url: URL, timeoutMs: number, parent: AbortSignal) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
    this.#parent = parent;
    this.#deadline = performance.now() + timeoutMs * TOTAL_TIMEOUT_FACTOR;
    this.#timer = setTimeout(() => this.#onSilence(), timeoutMs);
    parent.addEventListener('abort', this.#onParentAbort, { once: true });
    if (parent.aborted) this.#onParentAbort();
  }

  /** Why the request was ended; undefined if it was not. */
  get reason(): ScrapeError | undefined {
    return this.#reason;
  }

  /** @param end ends the request; called once, immediately if the request has already been ended */
  onEnd(end: (reason: ScrapeError) => void): void {
    this.#end = end;
    if (this.#reason !== undefined) end(this.#reason);
  }

  /**
   * While this process was busy, a response may have arrived that is not processed yet. One event-loop turn later it
   * is.
   */
  #onSilence(): void {
    const resets = this.#signs;
    setImmediate(() => {
      if (resets === this.#signs && !this.#isClosed) this.#abort(this.#late(this.#phase, this.#timeoutMs));
    });
  }

  /** Restarts the time-out after data arrived. The deadline of the whole response stays. */
  reset(): void {
    this.#signs += 1;
    this.#phase = 'the answer stopped half-way: nothing more arrived';
    if (performance.now() < this.#deadline) this.#timer.refresh();
    else this.#abort(this.#late('the answer was not complete', this.#timeoutMs * TOTAL_TIMEOUT_FACTOR));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#parent.removeEventListener('abort', this.#onParentAbort);
  }

  #late(what: string, ms: number): ScrapeError {
    return timeoutError(this.#url, `${what} within ${ms / 1000} s`);
  }

  #abort(reason: ScrapeError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#end(reason);
  }
}
