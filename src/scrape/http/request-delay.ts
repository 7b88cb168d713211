import type { Delays } from '../config/config-schema.ts';

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
