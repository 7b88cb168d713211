import type { Delays } from '../config/config-schema.ts';
import type { Exchange } from './exchange.ts';
import { HostGate, type Pace, sendThroughGate } from './host-gate.ts';
import { getDelayMs, HostThrottle } from './host-throttle.ts';

interface PacingOptions {
  delays: Delays | undefined;
  /** How many requests at a time an own host may get. */
  concurrency: number;
  /** How long a host that asks for fewer requests is left alone if it does not say so, in milliseconds. */
  momentMs: number;
  /** Whether an address belongs to the configuration's own hosts. */
  isOwn(url: URL): boolean;
  /** Whether a host is this machine or in a private network. */
  isLocal(url: URL): boolean;
  log(level: 'info', message: string): void;
}

/** Decides when each request of a run may be sent. */
export class RequestPacing {
  readonly #options: PacingOptions;
  readonly #throttle = new HostThrottle();
  /** By host; unused with one request at a time. */
  readonly #gates = new Map<string, HostGate>();
  readonly #told = new Set<string>();

  constructor(options: PacingOptions) {
    this.#options = options;
  }

  /** @param crawlDelayMs what robots.txt asks for; 0 for nothing */
  paceOf(url: URL, crawlDelayMs: number): Pace {
    const { delays, isLocal } = this.#options;
    const max = crawlDelayMs > 0 ? 1 : this.#getConcurrency(url);
    if (crawlDelayMs > 0) {
      const single = this.#options.concurrency > 1 ? ', so it gets one request at a time' : '';
      this.#tell(
        url,
        `robots.txt of ${url.host} asks for ${crawlDelayMs / 1000} s between requests${single}`,
      );
    }
    return {
      max,
      getDelayMs(latency) {
        const shared = max === 1 || latency === undefined ? undefined : latency / max;
        return getDelayMs(delays, isLocal(url), crawlDelayMs, shared);
      },
    };
  }

  /**
   * Sends a request when it is its turn.
   * @throws the errors of `send`; ScrapeError `cancelled`
   */
  async send<T extends Exchange>(
    { host }: URL,
    pace: Pace,
    signal: AbortSignal,
    send: () => Promise<T>,
  ): Promise<T> {
    const { concurrency, momentMs } = this.#options;
    if (concurrency > 1) {
      const gate = this.#gates.get(host) ?? new HostGate(concurrency);
      this.#gates.set(host, gate);
      return sendThroughGate(gate, pace, signal, send, momentMs);
    }
    await this.#throttle.acquire(host, pace.getDelayMs(undefined), signal);
    try {
      return await send();
    } finally {
      this.#throttle.release(host);
    }
  }

  /**
   * Waits until the host may receive a request that another program sends.
   * @throws ScrapeError `cancelled`
   */
  async wait({ host }: URL, pace: Pace, signal: AbortSignal): Promise<void> {
    await this.#throttle.acquire(host, pace.getDelayMs(undefined), signal);
  }

  /** Says in the log how many requests each host had at a time. */
  end(): void {
    for (const [host, { most }] of this.#gates)
      if (most > 1) this.#options.log('info', `${host} had at most ${most} requests at a time (concurrency)`);
  }

  /** Other hosts have not given permission, so they get one request at a time. */
  #getConcurrency(url: URL): number {
    const { concurrency, isOwn } = this.#options;
    if (concurrency === 1 || isOwn(url)) return concurrency;
    this.#tell(
      url,
      `${url.host} is not a host of the configuration's addresses, so concurrency does not apply: it gets one request at a time`,
    );
    return 1;
  }

  /** Once for each host. */
  #tell({ host }: URL, message: string): void {
    if (this.#told.has(host)) return;
    this.#told.add(host);
    this.#options.log('info', message);
  }
}
