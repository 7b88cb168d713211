import type { Dispatcher } from 'undici';

/** The way that requests take to a site. */
export interface Route {
  request(options: SentRequest): Promise<Dispatcher.ResponseData>;
  /** Closes every connection. */
  destroy(): Promise<void>;
}

export type SentRequest = Dispatcher.RequestOptions & { origin: string; headers: Record<string, string> };

/** The watchdog of each exchange keeps the time instead of undici's timers. */
export const AGENT_LIMITS = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 64_000 };
