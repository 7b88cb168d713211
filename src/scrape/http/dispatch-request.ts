import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Watchdog } from './watchdog.ts';

/** Smaller chunks are copied once there are many: a small chunk's own buffer takes more memory than its content. */
const MIN_CHUNK_BYTES = 4096;
const MAX_CHUNKS = 64;
const BLOCK_BYTES = 65_536;

/**
 * Collects a body that arrives in chunks of any size. Without copying, 10 MB in one-byte chunks would take ten million
 * buffers.
 */
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

/** A response as it was received. */
export interface RawResponse {
  status: number;
  headers: ResponseHeaders;
  /** Still encoded as `content-encoding` states. */
  wire: Buffer;
  /** Set instead of `wire` for a streamed response. Its errors include those of the connection. */
  body?: Readable;
}

/** Decides how much of a response is read, and how long it may take. */
export interface ResponseHandler {
  watchdog: Watchdog;
  /**
   * Called when status and headers have arrived.
   * @returns whether the body is collected, or streamed while it arrives
   * @throws the error that the request ends with
   */
  onHeaders(status: number, headers: ResponseHeaders): 'collect' | 'stream';
  /**
   * How many more bytes are wanted, given the number received. At zero the rest is not read.
   * @throws the error that the request ends with
   */
  remaining(bytes: number): number;
}

/**
 * Sends a request and collects the response. undici's `request` creates a stream for each response, which costs more
 * than all other work here.
 * @throws the errors of `watchdog`, of the methods of `handler`, and of the connection
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
        // 1xx responses precede the real one (RFC 9110 15.2). A site may send any number, so they do not reset the
        // watchdog.
        if (statusCode < 200) return;
        watchdog.reset();
        status = statusCode;
        headers = answered;
        const isStreamed = handler.onHeaders(status, headers) === 'stream';
        // Its Content-Length is that of the page (RFC 9110 8.6), so undici would report the response as cut off.
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
        // An unread body would keep the connection busy.
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
  // The body may break off before its reader starts.
  return body.on('error', () => undefined);
}

export interface TransportRequest {
  origin: string;
  /** Includes the query. */
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: Buffer;
}
