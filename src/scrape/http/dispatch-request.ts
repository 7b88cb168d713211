import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Watchdog } from './watchdog.ts';

/** A smaller piece is copied, once there are many: as a buffer of its own it takes more memory than what it holds. */
const MIN_CHUNK_BYTES = 4096;
const MAX_CHUNKS = 64;
const BLOCK_BYTES = 65_536;

/** A body as it comes, in pieces of any size: those of one byte take ten million buffers for 10 MB. */
export class ChunkBuffer {
  readonly #whole: Buffer[] = [];
  #block = Buffer.alloc(0);
  #filled = 0;
  #size = 0;

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (chunk.length >= MIN_CHUNK_BYTES || this.#whole.length < MAX_CHUNKS) {
      this.#endBlock();
      this.#whole.push(chunk);
      return;
    }
    if (this.#filled + chunk.length > this.#block.length) {
      this.#endBlock();
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    }
    this.#filled += chunk.copy(this.#block, this.#filled);
  }

  /** The first `length` bytes. */
  join(length: number): Buffer {
    this.#endBlock();
    const [first] = this.#whole;
    return this.#whole.length === 1 && first?.length === length ? first : Buffer.concat(this.#whole, length);
  }

  #endBlock(): void {
    if (this.#filled > 0) this.#whole.push(this.#block.subarray(0, this.#filled));
    this.#block = this.#block.subarray(this.#filled);
    this.#filled = 0;
  }
}

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** An answer as it was received. */
export interface RawResponse {
  status: number;
  headers: ResponseHeaders;
  /** Still encoded as `content-encoding` says. */
  wire: Buffer;
  /** In place of it, what was to be streamed: errors of the connection come with it. */
  body?: Readable;
}

/** What an answer may be, and how long it may take. */
export interface ResponseHandler {
  watchdog: Watchdog;
  /**
   * Called when status and headers are there.
   * @returns whether the body is to be collected, or handed on as it comes
   * @throws what the request is to end with
   */
  onHeaders(status: number, headers: ResponseHeaders): 'collect' | 'stream';
  /**
   * How many bytes more are wanted, given those received: with none left the rest is not read.
   * @throws what the request is to end with
   */
  remaining(bytes: number): number;
}

/**
 * Sends a request and collects what comes back. undici's `request` makes a stream of each answer, which costs more than
 * all else here.
 * @throws what `watchdog`, the methods of `reception`, or the connection end it with
 */
export function dispatchRequest(
  dispatcher: Pick<Dispatcher, 'dispatch'>,
  request: TransportRequest,
  handler: ResponseHandler,
): Promise<RawResponse> {
  const { watchdog } = handler;
  return new Promise((resolve, reject) => {
    const chunks = new ChunkBuffer();
    let status = 0;
    let headers: ResponseHeaders = {};
    let body: Readable | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    const end = (reason: Error) => {
      reject(reason);
      controller?.abort(reason);
    };
    const done = (length: number) => resolve({ status, headers, wire: chunks.join(length) });
    watchdog.onEnd(end);
    if (watchdog.reason !== undefined) return;
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        if (watchdog.reason !== undefined) started.abort(watchdog.reason);
      },
      onResponseStart(answering, statusCode, answered) {
        // A 1xx comes before the answer (RFC 9110 15.2), as often as a site likes: it is no sign of one.
        if (statusCode < 200) return;
        watchdog.reset();
        status = statusCode;
        headers = answered;
        const isStreamed = handler.onHeaders(status, headers) === 'stream';
        // Its Content-Length is that of the page (RFC 9110 8.6): undici takes the answer for cut off.
        if (status === 304) return done(0);
        if (!isStreamed) return;
        body = toStream(answering);
        resolve({ status, headers, wire: Buffer.alloc(0), body });
      },
      onResponseData(answering, chunk) {
        watchdog.reset();
        if (body !== undefined) {
          if (!body.push(chunk)) answering.pause();
          return;
        }
        chunks.add(chunk);
        const remaining = handler.remaining(chunks.size);
        if (remaining > 0) return;
        done(chunks.size + remaining);
        // What is not read would keep the connection busy.
        answering.abort(new Error('enough was read'));
      },
      onResponseEnd() {
        if (body === undefined) done(chunks.size);
        else body.push(null);
      },
      onResponseError(_controller, error) {
        body?.destroy(error);
        reject(error);
      },
    });
  });
}

function toStream(answering: Dispatcher.DispatchController): Readable {
  const body = new Readable({
    read: () => answering.resume(),
    destroy(error, done) {
      answering.abort(error ?? new Error('enough was read'));
      done(error);
    },
  });
  // It may break off before anybody reads.
  return body.on('error', () => undefined);
}

export interface TransportRequest {
  origin: string;
  /** With its query. */
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: Buffer;
}
