import type { Delays } from '../config/config-schema.ts';
import { pause } from '../lib/pause.ts';

/** Default seconds between requests to a host on the internet. */
const DEFAULT_PUBLIC_DELAY_S = 0.5;

/**
 * The delay before the next request to a host, in milliseconds. The configured delay (`random` draws a new number each
 * time), else zero for this machine and private networks, and half a second elsewhere. Never less than Crawl-delay.
 * @param shared with several requests at a time: the delay elsewhere, instead of half a second
 */
export function getDelayMs(
  delays: Delays | undefined,
  isLocal: boolean,
  crawlDelayMs: number,
  shared?: number,
): number {
  return Math.max(crawlDelayMs, 1000 * getConfiguredSeconds(delays, isLocal, shared));
}

function getConfiguredSeconds(
  delays: Delays | undefined,
  isLocal: boolean,
  shared: number | undefined,
): number {
  if (delays === undefined)
    return isLocal ? 0 : shared === undefined ? DEFAULT_PUBLIC_DELAY_S : shared / 1000;
  if (delays.type === 'fixed') return delays.value;
  return delays.min + Math.random() * (delays.max - delays.min);
}

/** Spaces out the requests to one host. Times are monotonic milliseconds. */
export class HostThrottle {
  readonly #last = new Map<string, number>();

  /**
   * Waits until `delayMs` have passed since the last request to this host started or finished, whichever came later.
   */
  async acquire(host: string, delayMs: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const last = this.#last.get(host);
    const at = last === undefined ? now : Math.max(now, last + delayMs);
    // Reserved before the wait, so that two concurrent requests line up.
    this.#last.set(host, at);
    if (at > now) await pause(at - now, signal);
  }

  /** Records that the host has responded. The delay counts from here, however long the connection took. */
  release(host: string): void {
    this.#last.set(host, Math.max(this.#last.get(host) ?? 0, performance.now()));
  }
}
