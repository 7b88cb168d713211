import type { JSONRPCMessage, JSONRPCRequest, RequestId, Transport } from '@modelcontextprotocol/server';
import { withHint } from '../../core/lib/text.ts';
import { type Frame, LineSplitter } from '../stdio/line-splitter.ts';
import type { ProtocolOutput } from '../stdio/reserve-stdout.ts';
import { normalizeError } from './normalize-error.ts';
import { dropUnknownMembers, type Refusal, validateMessage } from './validate-message.ts';

/** The largest message, in bytes. */
const MAX_MESSAGE_BYTES = 1 << 20;
/** While this many bytes of answers are unread, no input is read, so that a slow client can catch up. */
const MAX_BACKLOG_BYTES = 1 << 20;
/** Pending requests that are allowed: more than fit into one read. */
const MAX_PENDING_REQUESTS = 2_048;
/** After the end of input, pending requests are answered with an error if none is answered for this long. */
const DRAIN_TIMEOUT_MS = 5_000;
/** A code that servers may define (MCP 2026-07-28, "Error codes"); `quickscrape rpc` uses the same one. */
const UNAVAILABLE = -32_000;
const INTERNAL = -32_603;
const TOO_MANY_REQUESTS = {
  code: UNAVAILABLE,
  message: `too many requests in flight: ${MAX_PENDING_REQUESTS} are not answered yet`,
};

const METHOD_NOT_FOUND = { code: -32_601, message: 'Method not found' };

/** The callbacks of the transport. */
interface TransportHooks {
  /** Whether clients must open with a handshake: `server/discover` is then unknown, as to servers before 2026-07-28. */
  needsHandshake?: boolean;
  /**
   * Called before a request is handled.
   * @returns a promise to await before it is handled, if anything must be done first
   */
  beforeRequest(method: string): Promise<void> | undefined;
  /** The flags of the server that hide an operation, for its error; `undefined` for another one. */
  hidingFlags?(operation: string): string | undefined;
  /** Called after something was sent to the client. */
  onSent?(): void;
  /** Called when the client has closed its input: waiting calls must be answered now. */
  onInputEnd(): void;
  /** Called when every request that was read is answered, or when no one reads answers. */
  onDone(): void;
}

/**
 * MCP's stdio transport (revision 2026-07-28, as in earlier ones): one JSON message per line. Unlike the SDK's
 * transport, it answers invalid messages, and requests that were read before the end of input get their answers.
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
  /** The unanswered requests, to explain errors. */
  readonly #requests = new UnansweredRequests();
  /** Requests that wait for {@link TransportHooks.beforeRequest}. */
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
    const line = `${JSON.stringify(this.#normalize(message))}\n`;
    // Late progress is useless. The notifier holds all other notifications until the client reads.
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

  /** Stops reading. Closes when everything is answered, or when no answer comes for `patienceMs`. */
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
      this.#takeRequest(message);
      return;
    } else if (message.method === 'notifications/cancelled') {
      // A cancelled request gets no answer.
      const id = cancelledId(message);
      this.#pending.settled(id);
      this.#requests.settle(id);
      const held = [...this.#held].find((one) => 'id' in one && one.id === id);
      if (held !== undefined && this.#held.delete(held)) return;
    }
    this.onmessage?.(message);
  }

  #takeRequest(message: JSONRPCRequest): void {
    const { id, method } = message;
    if (this.#hooks.needsHandshake === true && method === 'server/discover') {
      this.#refuse(id, METHOD_NOT_FOUND);
      return;
    }
    if (this.#pending.count >= MAX_PENDING_REQUESTS) {
      this.#refuse(id, TOO_MANY_REQUESTS);
      return;
    }
    // That request stays open: it is answered by notifications until it is cancelled.
    if (method !== 'subscriptions/listen') this.#pending.askedByClient(id);
    this.#requests.add(message);
    const before = this.#hooks.beforeRequest(method);
    if (before === undefined) {
      this.onmessage?.(message);
      return;
    }
    this.#held.add(message);
    before.then(
      () => void (this.#held.delete(message) && this.onmessage?.(message)),
      (error: Error & { hint?: string }) => {
        if (!this.#held.delete(message)) return;
        this.#requests.settle(id);
        this.#refuse(id, { code: INTERNAL, message: withHint(error.message, error.hint) });
        if (method !== 'subscriptions/listen') this.#pending.settled(id);
        this.#closeWhenAllAnswered();
      },
    );
  }

  /** Replaces the SDK's text in an error by ours. */
  #normalize(message: JSONRPCMessage): object {
    if ('method' in message || message.id === undefined) return message;
    const requests = this.#requests.settle(message.id);
    if (!('error' in message)) return message;
    return { ...message, error: normalizeError(message.error, requests, this.#hooks.hidingFlags) };
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
    // The SDK handles the last messages in the next turns of the event loop.
    setImmediate(() => this.#closeWhenAllAnswered());
  }

  #closeWhenAllAnswered(): void {
    if (!this.#ended || this.#closed) return;
    clearTimeout(this.#drainTimer);
    this.#drainTimer = setTimeout(() => this.#abandonPending(), this.#patienceMs);
    if (this.#pending.count === 0) void this.#output.flushed().then(() => this.close());
  }

  #abandonPending(): void {
    const message = 'The server is stopping before this request has finished: check the result';
    for (const id of this.#pending.unanswered()) this.#refuse(id, { code: UNAVAILABLE, message });
    void this.close();
  }
}

type ParsedFrame = { message: JSONRPCMessage } | Refusal;

function parseFrame(frame: Frame): ParsedFrame {
  if (frame.kind === 'too_large') {
    const message = `Invalid Request: a message has at most ${frame.limit} bytes`;
    return { id: null, error: { code: -32600, message } };
  }
  if (frame.kind !== 'message')
    return { id: null, error: { code: -32700, message: 'Parse error: not valid UTF-8' } };
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

/** The pending requests of one connection: those of the client, and those to the client. */
class PendingRequests {
  /** How often each id is pending: a client that uses one twice gets two answers. */
  readonly #byClient = new Map<RequestId, number>();
  readonly #ofClient = new Set<RequestId>();
  #count = 0;

  /** Records a request of the client that will be answered. */
  askedByClient(id: RequestId): void {
    this.#byClient.set(id, (this.#byClient.get(id) ?? 0) + 1);
    this.#count += 1;
  }

  /** Records that a request was answered, or that the client cancelled it. */
  settled(id: RequestId): void {
    const waiting = this.#byClient.get(id) ?? 0;
    if (waiting > 0) this.#count -= 1;
    const left = waiting - 1;
    if (left > 0) this.#byClient.set(id, left);
    else this.#byClient.delete(id);
  }

  /** The number of the client's pending requests. */
  get count(): number {
    return this.#count;
  }

  /** The ids of the client's pending requests, each as often as it is pending. */
  unanswered(): RequestId[] {
    return [...this.#byClient].flatMap(([id, times]) => Array<RequestId>(times).fill(id));
  }

  askedOfClient(id: RequestId): void {
    this.#ofClient.add(id);
  }

  answeredByClient(id: RequestId): void {
    this.#ofClient.delete(id);
  }

  /** Error responses to all requests that the client can no longer answer; clears them. */
  refusals(): JSONRPCMessage[] {
    const ids = [...this.#ofClient];
    this.#ofClient.clear();
    return ids.map(clientGone);
  }
}

/**
 * The error in place of a response that the client can no longer send; the code is the SDK's for a closed connection.
 */
function clientGone(id: RequestId): JSONRPCMessage {
  return { jsonrpc: '2.0', id, error: { code: -32000, message: 'The client has closed its end' } };
}

/** The requests of one id that are kept. */
const MAX_REQUESTS_OF_ID = 8;

/** The unanswered requests of a client by their ids. They are kept to explain errors. */
class UnansweredRequests {
  readonly #byId = new Map<RequestId, { requests: JSONRPCRequest[]; open: number }>();

  add(request: JSONRPCRequest): void {
    const entry = this.#byId.get(request.id) ?? { requests: [], open: 0 };
    entry.requests.push(request);
    // A client that always has an open request of this id must not fill the memory.
    if (entry.requests.length > MAX_REQUESTS_OF_ID) entry.requests.shift();
    entry.open += 1;
    this.#byId.set(request.id, entry);
  }

  /** Records an answer, or that the client cancelled. @returns the requests that it may answer */
  settle(id: RequestId): readonly JSONRPCRequest[] {
    const entry = this.#byId.get(id);
    if (entry === undefined) return [];
    entry.open -= 1;
    if (entry.open <= 0) this.#byId.delete(id);
    return entry.requests;
  }
}
