import type { Delays } from '../config/config-schema.ts';
import { pause } from '../lib/pause.ts';

/** Seconds between requests to a host on the internet when nothing else is said. */
const DEFAULT_PUBLIC_DELAY_S = 0.5;

/**
 * The gap before the next request to a host, in milliseconds: what the configuration says (`random` draws anew each
 * time), else nothing for this machine and private networks and half a second elsewhere; never less than Crawl-delay.
 */
export function getDelayMs(delays: Delays | undefined, isLocal: boolean, crawlDelayMs: number): number {
  return Math.max(crawlDelayMs, 1000 * getConfiguredSeconds(delays, isLocal));
}

function getConfiguredSeconds(delays: Delays | undefined, isLocal: boolean): number {
  if (delays === undefined) return isLocal ? 0 : DEFAULT_PUBLIC_DELAY_S;
  if (delays.type === 'fixed') return delays.value;
  return delays.min + Math.random() * (delays.max - delays.min);
}

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
