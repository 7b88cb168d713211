import type { JSONRPCMessage, RequestId, Transport } from '@modelcontextprotocol/server';
import type { Frame } from '../stdio/frame.ts';
import { LineSplitter } from '../stdio/line-splitter.ts';
import type { ProtocolOutput } from '../stdio/reserve-stdout.ts';
import { normalizeError } from './normalize-error.ts';
import { normalizeResult } from './normalize-result.ts';
import { clientGone, PendingRequests } from './pending-requests.ts';
import { dropUnknownMembers, type Refusal, validateMessage } from './validate-message.ts';

/** A message is no larger, in bytes. */
const MAX_MESSAGE_BYTES = 1 << 20;
/** Whoever reads so slowly is given time: input is not taken while so many bytes of answers wait. */
const MAX_BACKLOG_BYTES = 1 << 20;
/** So many requests may wait for their answers: more than fit into what is read at once. */
const MAX_PENDING_REQUESTS = 2_048;
/** After the end of input, requests of which none is answered for so long are given up: answered with an error. */
const DRAIN_TIMEOUT_MS = 5_000;
/** Free for servers to define (MCP 2026-07-28, "Error codes"); the same as of `quickscrape rpc`. */
const UNAVAILABLE = -32_000;
const INTERNAL = -32_603;
const TOO_MANY_REQUESTS = {
  code: UNAVAILABLE,
  message: `too many requests in flight: ${MAX_PENDING_REQUESTS} are not answered yet`,
};

/** What the transport's owner is told. */
export interface TransportHooks {
  /** A request has come and is going to be carried out. @returns what has to be done before it is, if anything */
  beforeRequest(method: string): Promise<void> | undefined;
  /** Something was sent to the client. */
  onSent?(): void;
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
  readonly #hooks: TransportHooks;
  readonly #splitter = new LineSplitter(MAX_MESSAGE_BYTES);
  readonly #pending = new PendingRequests();
  /** Requests that have to wait until something is done for them. */
  readonly #held = new Set<JSONRPCMessage>();
  #ended = false;
  #closed = false;
  #patienceMs = DRAIN_TIMEOUT_MS;
  #drainTimer: NodeJS.Timeout | undefined;

  constructor(input: NodeJS.ReadableStream, output: ProtocolOutput, hooks: TransportHooks) {
    this.#input = input;
    this.#output = output;
    this.#hooks = hooks;
  }

  async start(): Promise<void> {
    this.#input.on('data', (chunk: Buffer) => {
      this.#takeAll(this.#splitter.push(chunk));
      this.#pauseForBacklog();
    });
    const onEnd = () => this.#end(this.#splitter.end());
    this.#input.once('end', onEnd);
    this.#input.once('close', onEnd);
    this.#input.on('error', (error) => {
      this.onerror?.(error);
      onEnd();
    });
    this.#output.onGone(() => void this.close());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) return;
    if ('method' in message && 'id' in message && this.#ended) {
      queueMicrotask(() => this.onmessage?.(clientGone(message.id)));
      return;
    }
    const line = `${JSON.stringify(normalizeMessage(message))}\n`;
    // It is of no use when it is late. What else is told unasked waits in the notifier until the client reads.
    if (isProgress(message) && this.#output.backlog >= MAX_BACKLOG_BYTES) return;
    if (!('id' in message) || message.id === undefined) {
      this.#output.write(line);
    } else {
      if ('method' in message) this.#pending.askedOfClient(message.id);
      else this.#pending.settled(message.id);
      this.#output.write(line, this.#pending.count > 0);
      this.#closeWhenAllAnswered();
    }
    this.#hooks.onSent?.();
  }

  /** Reads no more, and closes when everything is answered, or when no answer comes for so many milliseconds. */
  finish(patienceMs: number): void {
    if (this.#closed) return;
    this.#patienceMs = patienceMs;
    this.#input.pause();
    this.#end([]);
    this.#closeWhenAllAnswered();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#drainTimer);
    this.#input.pause();
    this.onclose?.();
    this.#hooks.onDone();
  }

  #takeAll(frames: readonly Frame[]): void {
    for (const frame of frames) {
      const read = parseFrame(frame);
      if ('error' in read) this.#refuse(read.id, read.error);
      else this.#take(read.message);
    }
  }

  #take(message: JSONRPCMessage): void {
    if (!('method' in message)) {
      if (message.id !== undefined) this.#pending.answeredByClient(message.id);
    } else if ('id' in message) {
      this.#takeRequest(message, message.id, message.method);
      return;
    } else if (message.method === 'notifications/cancelled') {
      // Nobody waits for its answer any more, and none is sent.
      const id = cancelledId(message);
      this.#pending.settled(id);
      const held = [...this.#held].find((one) => 'id' in one && one.id === id);
      if (held !== undefined && this.#held.delete(held)) return;
    }
    this.onmessage?.(message);
  }

  #takeRequest(message: JSONRPCMessage, id: RequestId, method: string): void {
    if (this.#pending.count >= MAX_PENDING_REQUESTS) {
      this.#refuse(id, TOO_MANY_REQUESTS);
      return;
    }
    // That one is answered by what comes until it is cancelled.
    if (method !== 'subscriptions/listen') this.#pending.askedByClient(id);
    const before = this.#hooks.beforeRequest(method);
    if (before === undefined) {
      this.onmessage?.(message);
      return;
    }
    this.#held.add(message);
    before.then(
      () => void (this.#held.delete(message) && this.onmessage?.(message)),
      (error: Error) => {
        if (!this.#held.delete(message)) return;
        this.#refuse(id, { code: INTERNAL, message: error.message });
        if (method !== 'subscriptions/listen') this.#pending.settled(id);
        this.#closeWhenAllAnswered();
      },
    );
  }

  #refuse(id: Refusal['id'], error: Refusal['error']): void {
    this.#output.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: normalizeError(error) })}\n`);
  }

  #pauseForBacklog(): void {
    if (this.#output.backlog < MAX_BACKLOG_BYTES) return;
    this.#input.pause();
    void this.#output.flushed().then(() => {
      if (!this.#closed) this.#input.resume();
    });
  }

  #end(rest: readonly Frame[]): void {
    if (this.#ended || this.#closed) return;
    this.#ended = true;
    this.#takeAll(rest);
    this.#hooks.onInputEnd();
    for (const refusal of this.#pending.refusals()) this.onmessage?.(refusal);
    // What came last is taken up in the next turns of the event loop.
    setImmediate(() => this.#closeWhenAllAnswered());
  }

  #closeWhenAllAnswered(): void {
    if (!this.#ended || this.#closed) return;
    clearTimeout(this.#drainTimer);
    this.#drainTimer = setTimeout(() => this.#abandonPending(), this.#patienceMs);
    if (this.#pending.count === 0) void this.#output.flushed().then(() => this.close());
  }

  #abandonPending(): void {
    const message = 'The server ends before this request is done: look at what has come of it';
    for (const id of this.#pending.unanswered()) this.#refuse(id, { code: UNAVAILABLE, message });
    void this.close();
  }
}

/** The message with its error, or the result that is one, in words of ours. */
function normalizeMessage(message: JSONRPCMessage): object {
  if ('error' in message) return { ...message, error: normalizeError(message.error) };
  return 'result' in message ? { ...message, result: normalizeResult(message.result) } : message;
}

type ParsedFrame = { message: JSONRPCMessage } | Refusal;

function parseFrame(frame: Frame): ParsedFrame {
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
  return validateMessage(value) ?? { message: dropUnknownMembers(value as Record<string, unknown>) };
}

function cancelledId(message: JSONRPCMessage): RequestId {
  const { requestId } = ('params' in message ? (message.params ?? {}) : {}) as { requestId?: unknown };
  return typeof requestId === 'string' || typeof requestId === 'number' ? requestId : '';
}

function isProgress(message: JSONRPCMessage): boolean {
  return 'method' in message && message.method === 'notifications/progress';
}
