import { pause } from '../lib/pause.ts';

/** Keeps requests to one host apart. Times are monotonic milliseconds. */
export class HostThrottle {
  readonly #last = new Map<string, number>();

  /** Waits until `gapMs` have passed since the last turn of this host or its end, whichever came later. */
  async acquire(host: string, delayMs: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const last = this.#last.get(host);
    const at = last === undefined ? now : Math.max(now, last + delayMs);
    // Taken before the wait, so that two at once line up.
    this.#last.set(host, at);
    if (at > now) await pause(at - now, signal);
  }

  /** The host has answered: the gap counts from here, whatever the connection took. */
  release(host: string): void {
    this.#last.set(host, Math.max(this.#last.get(host) ?? 0, performance.now()));
  }
}
