import type { Dispatcher } from 'undici';
import { type BodyStream, streamBody } from './body-stream.ts';
import { decodeBody, tooLarge } from './content-coding.ts';
import { describeNetworkError } from './network-error.ts';
import type { Route } from './route.ts';
import { Watchdog } from './watchdog.ts';

/** Largest page, on the wire and unpacked. */
const MAX_BODY_BYTES = 10_000_000;

/** Of an answer that is no page (an error, a redirect) only this much is read. */
const MAX_ASIDE_BYTES = 64_000;

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** One request and its answer. */
export interface Exchange {
  status: number;
  headers: ResponseHeaders;
  /** Unpacked. */
  body: Buffer;
  /** Size of the body as it was received. */
  bytes: number;
}

export interface ExchangeOptions {
  headers: Record<string, string>;
  timeoutMs: number;
  signal: AbortSignal;
  /** Where the body ends when it is longer; without it, a body over {@link MAX_BODY_BYTES} is an error. */
  cutAt?: number;
  /** Reads the body of a page as it comes: that of the answer is empty then. */
  stream?: BodyStream;
  /** Default GET. */
  method?: string;
  body?: Buffer;
  /** Read and unpack the body whatever the status is. */
  anyStatus?: boolean;
}

/**
 * Sends one request: no redirects, no retries.
 * @throws ScrapeError `network`, `timeout`, `too_large`, `blocked_address`, `cancelled` or `config` (a header that cannot be sent)
 */
export async function exchange(
  route: Pick<Route, 'request'>,
  url: URL,
  options: ExchangeOptions,
): Promise<Exchange> {
  const watchdog = new Watchdog(url, options.timeoutMs, options.signal);
  try {
    const response = await route.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: (options.method ?? 'GET') as Dispatcher.HttpMethod,
      ...(options.body !== undefined && { body: options.body }),
      headers: options.headers,
      signal: watchdog.signal,
    });
    watchdog.sign();
    const { statusCode: status, headers } = response;
    const isPage = options.anyStatus === true || (status >= 200 && status < 300);
    if (isPage && options.stream !== undefined) {
      const bytes = await streamBody(response, url, options.stream, () => watchdog.sign());
      return { status, headers, body: Buffer.alloc(0), bytes };
    }
    const cutAt = options.cutAt ?? (isPage ? undefined : MAX_ASIDE_BYTES);
    const wire = await readBody(response, url, cutAt, watchdog);
    const body = isPage
      ? await decodeBody(wire, headerText(headers, 'content-encoding'), MAX_BODY_BYTES, url)
      : wire;
    return { status, headers, body, bytes: wire.length };
  } catch (error) {
    throw describeNetworkError(watchdog.reason ?? error, url, options.timeoutMs);
  } finally {
    watchdog.close();
  }
}

async function readBody(
  { body, headers }: Dispatcher.ResponseData,
  url: URL,
  cutAt: number | undefined,
  watchdog: Watchdog,
): Promise<Buffer> {
  const limit = cutAt ?? MAX_BODY_BYTES;
  if (cutAt === undefined && Number(headerText(headers, 'content-length')) > limit) {
    // Without this an unread body would end in an unhandled error.
    body.on('error', () => undefined).destroy();
    throw tooLarge(url, limit, 'received');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    watchdog.sign();
    size += chunk.length;
    chunks.push(chunk);
    // Leaving the loop destroys the body, and with it the connection.
    if (size > limit && cutAt === undefined) throw tooLarge(url, limit, 'received');
    if (size >= limit && cutAt !== undefined) break;
  }
  return chunks.length === 1 && chunks[0] !== undefined
    ? chunks[0]
    : Buffer.concat(chunks, Math.min(size, limit));
}

/** One header as text; repeated ones joined as RFC 9110 5.3 says. */
export function headerText(headers: ResponseHeaders, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
