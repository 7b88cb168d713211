import { type BodyStream, decodeBody, streamBody, tooLargeError } from './content-coding.ts';
import type { ResponseHeaders } from './dispatch-request.ts';
import type { Transport } from './guarded-connector.ts';
import { toNetworkError } from './network-error.ts';
import { Watchdog } from './watchdog.ts';

/** Largest page, as received and decompressed. */
const MAX_BODY_BYTES = 10_000_000;

/** Only this much is read of a response that is not a page (an error, a redirect). */
const MAX_ASIDE_BYTES = 64_000;

/** The response to one request. */
export interface Exchange {
  status: number;
  headers: ResponseHeaders;
  /** Decompressed. */
  body: Buffer;
  /** Size of the body as it was received. */
  bytes: number;
}

export interface ExchangeOptions {
  headers: Record<string, string>;
  timeoutMs: number;
  signal: AbortSignal;
  /** Where a longer body is truncated. Without it, a body over {@link MAX_BODY_BYTES} is an error. */
  cutAt?: number;
  /** Streams the body of a page. `body` of the result is then empty. */
  stream?: BodyStream;
  /** Default GET. */
  method?: string;
  body?: Buffer;
  /** Read and decode the body whatever the status is. */
  anyStatus?: boolean;
}

/**
 * Sends one request, without redirects and retries.
 * @throws ScrapeError `network`, `timeout`, `too_large`, `blocked_address`, `cancelled` or `config` (a header that
 *   cannot be sent)
 */
export async function exchange(
  route: Pick<Transport, 'request'>,
  url: URL,
  options: ExchangeOptions,
): Promise<Exchange> {
  const watchdog = new Watchdog(url, options.timeoutMs, options.signal);
  const limits = new ResponseLimits(url, options);
  try {
    const request = {
      origin: url.origin,
      path: url.pathname + url.search,
      method: options.method ?? 'GET',
      ...(options.body !== undefined && { body: options.body }),
      headers: options.headers,
    };
    const {
      status,
      headers,
      wire,
      body: coming,
    } = await route.request(request, {
      watchdog,
      onHeaders: (...answer) => limits.begin(...answer),
      remaining: (bytes) => limits.remaining(bytes),
    });
    if (coming !== undefined && options.stream !== undefined) {
      const bytes = await streamBody({ headers, body: coming }, url, options.stream);
      return { status, headers, body: Buffer.alloc(0), bytes };
    }
    const coding = getHeader(headers, 'content-encoding');
    const body = limits.isPage ? await decodeBody(wire, coding, MAX_BODY_BYTES, url) : wire;
    return { status, headers, body, bytes: wire.length };
  } catch (error) {
    throw toNetworkError(watchdog.reason ?? error, url, options.timeoutMs);
  } finally {
    watchdog.close();
  }
}

/** Decides how much of a response is read. */
class ResponseLimits {
  isPage: boolean;
  readonly #url: URL;
  readonly #mayStream: boolean;
  #cutAt: number | undefined;

  constructor(url: URL, { cutAt, stream, anyStatus = false }: ExchangeOptions) {
    this.#url = url;
    this.isPage = anyStatus;
    this.#mayStream = stream !== undefined;
    this.#cutAt = cutAt;
  }

  begin(status: number, headers: ResponseHeaders): 'collect' | 'stream' {
    this.isPage ||= status >= 200 && status < 300;
    if (this.isPage && this.#mayStream) return 'stream';
    if (!this.isPage) this.#cutAt ??= MAX_ASIDE_BYTES;
    if (this.#cutAt === undefined && Number(getHeader(headers, 'content-length')) > MAX_BODY_BYTES)
      throw this.#tooLarge();
    return 'collect';
  }

  remaining(bytes: number): number {
    if (this.#cutAt !== undefined) return this.#cutAt - bytes;
    if (bytes > MAX_BODY_BYTES) throw this.#tooLarge();
    return Number.POSITIVE_INFINITY;
  }

  #tooLarge() {
    return tooLargeError(this.#url, MAX_BODY_BYTES, 'received');
  }
}

/** One header as text. Repeated headers are joined as RFC 9110 5.3 requires. */
export function getHeader(headers: ResponseHeaders, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
