import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import type { Frame } from '../stdio/frame.ts';
import type { ProtocolOutput } from '../stdio/own-stdout.ts';
import { LineSplitter } from '../stdio/split-lines.ts';
import { refusalOf } from './message-shape.ts';

/** A message is no larger, in bytes. */
const LARGEST_MESSAGE = 1 << 20;
/** Whoever reads so slowly is given time: input is not taken while so many bytes of answers wait. */
const LARGEST_BACKLOG = 1 << 20;

/** What the transport's owner is told. */
export interface Owner {
  /** A request has come and is going to be carried out. */
  onRequest(method: string): void;
  /** The client has closed its end: what still waits for something has to be answered now. */
  onInputEnd(): void;
  /** Every request that was read has been answered, or nobody is there to read answers. */
  onDone(): void;
}

/**
 * MCP's stdio transport (revision 2026-07-28, as the ones before): one JSON message a line. Unlike the SDK's own, it
 * answers what is no message at all, and requests that were read before the end of input get their answers.
 */
export class LineTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #input: NodeJS.ReadableStream;
  readonly #output: ProtocolOutput;
  readonly #owner: Owner;
  readonly #splitter = new LineSplitter(LARGEST_MESSAGE);
  /** Requests that have not been answered. */
  readonly #open = new Set<string | number>();
  #ended = false;
  #closed = false;

  constructor(input: NodeJS.ReadableStream, output: ProtocolOutput, owner: Owner) {
    this.#input = input;
    this.#output = output;
    this.#owner = owner;
  }

  async start(): Promise<void> {
    this.#input.on('data', (chunk: Buffer) => {
      this.#takeAll(this.#splitter.push(chunk));
      this.#slowDown();
    });
    this.#input.once('end', () => this.#end());
    this.#input.once('close', () => this.#end());
    this.#input.on('error', (error) => {
      this.onerror?.(error);
      this.#end();
    });
    this.#output.onGone(() => void this.close());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) return;
    this.#output.write(`${JSON.stringify(message)}\n`);
    if ('id' in message && !('method' in message) && message.id !== undefined) this.#open.delete(message.id);
    this.#doneIfAllAnswered();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.pause();
    this.onclose?.();
    this.#owner.onDone();
  }

  #takeAll(frames: readonly Frame[]): void {
    for (const frame of frames) {
      const read = readFrame(frame);
      if ('error' in read) this.#refuse(read.id, read.error);
      else this.#take(read.message);
    }
  }

  #take(message: JSONRPCMessage): void {
    if ('method' in message) {
      if ('id' in message) this.#noteRequest(message.id, message.method);
      // Nobody waits for its answer any more, and none is sent.
      if (message.method === 'notifications/cancelled') this.#open.delete(cancelledId(message));
    }
    this.onmessage?.(message);
  }

  #noteRequest(id: string | number, method: string): void {
    // That one is answered by what comes until it is cancelled.
    if (method !== 'subscriptions/listen') this.#open.add(id);
    this.#owner.onRequest(method);
  }

  #refuse(id: string | number | null, error: { code: number; message: string }): void {
    this.#output.write(`${JSON.stringify({ jsonrpc: '2.0', id, error })}\n`);
  }

  #slowDown(): void {
    if (this.#output.backlog < LARGEST_BACKLOG) return;
    this.#input.pause();
    void this.#output.flushed().then(() => {
      if (!this.#closed) this.#input.resume();
    });
  }

  #end(): void {
    if (this.#ended || this.#closed) return;
    this.#ended = true;
    this.#takeAll(this.#splitter.end());
    this.#owner.onInputEnd();
    // What came last is taken up in the next turns of the event loop.
    setImmediate(() => this.#doneIfAllAnswered());
  }

  #doneIfAllAnswered(): void {
    if (this.#ended && this.#open.size === 0) void this.#output.flushed().then(() => this.close());
  }
}

type Read =
  | { message: JSONRPCMessage }
  | { id: string | number | null; error: { code: number; message: string } };

function readFrame(frame: Frame): Read {
  if (frame.kind === 'too_large') {
    const message = `Invalid Request: a message has at most ${frame.limit} bytes`;
    return { id: null, error: { code: -32600, message } };
  }
  if (frame.kind !== 'message')
    return { id: null, error: { code: -32700, message: 'Parse error: no UTF-8 text' } };
  let value: unknown;
  try {
    value = JSON.parse(frame.text);
  } catch {
    return { id: null, error: { code: -32700, message: 'Parse error: a line has to be one JSON message' } };
  }
  return refusalOf(value) ?? { message: value as JSONRPCMessage };
}

function cancelledId(message: JSONRPCMessage): string | number {
  const { requestId } = ('params' in message ? (message.params ?? {}) : {}) as { requestId?: unknown };
  return typeof requestId === 'string' || typeof requestId === 'number' ? requestId : '';
}
