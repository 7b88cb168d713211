import type { RawResponse, ResponseHandler, TransportRequest } from './dispatch-request.ts';

/** The way that requests take to a site. */
export interface Transport {
  /** @throws what ends the request (receive.ts) */
  request(request: TransportRequest, handler: ResponseHandler): Promise<RawResponse>;
  /** Closes every connection. */
  destroy(): Promise<void>;
}

/** The watchdog of each exchange keeps the time instead of undici's timers. */
export const AGENT_LIMITS = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 64_000 };
