import type { Received, Reception } from './receive.ts';

/** The way that requests take to a site. */
export interface Route {
  /** @throws what ends the request (receive.ts) */
  request(request: SentRequest, reception: Reception): Promise<Received>;
  /** Closes every connection. */
  destroy(): Promise<void>;
}

export interface SentRequest {
  origin: string;
  /** With its query. */
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: Buffer;
}

/** The watchdog of each exchange keeps the time instead of undici's timers. */
export const AGENT_LIMITS = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 64_000 };
