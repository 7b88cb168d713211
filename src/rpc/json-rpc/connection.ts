import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JSONRPCID, JSONRPCRequest, JSONRPCResponse } from 'json-rpc-2.0';
import type { Frame, Splitter } from '../stdio/frame.ts';
import { invalidRequest, parseError, unavailable } from './error-responses.ts';
import { handleMessage } from './handle-message.ts';
import { type HandleRequest, InFlightCalls } from './in-flight-calls.ts';
import { MessageLimiter } from './message-limiter.ts';

/** So many messages may be under way at once; a batch is one. */
const MAX_IN_FLIGHT = 32;
/** When all of them wait for something, the next one is turned away after so long. */
const SLOT_TIMEOUT_MS = 1_000;
/** So much may wait to be worked on before the client is made to wait: characters, and for each message what it takes. */
const MAX_QUEUE_COST = 1024 * 1024;
const MESSAGE_COST = 128;
/** Signals and timers get their turn at least so often, however much there is to do. */
const YIELD_INTERVAL_MS = 20;

/** The notification of the Language Server Protocol (3.17, "Cancellation Support"): its request is answered all the same. */
const CANCEL_METHOD = '$/cancelRequest';

export interface ConnectionOptions {
  splitter: Splitter;
  handleRequest: HandleRequest;
  send(json: string): void;
  /** Waits while the client is far behind with reading. */
  waitForDrain(): Promise<void> | undefined;
  /** Called when the client's stream cannot be followed any more. */
  onLost(reason: string): void;
}

/** One client: its bytes come in, answers go out as they are ready. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #limiter = new MessageLimiter(MAX_IN_FLIGHT, SLOT_TIMEOUT_MS);
  readonly #calls: InFlightCalls;
  #queue: Frame[] = [];
  #queued = 0;
  #reading: Promise<void> | undefined;
  readonly #answering = new Set<Promise<void>>();
  #answered = 0;
  #isWaitingForDrain = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#calls = new InFlightCalls(options.handleRequest);
  }

  /** Takes bytes. @returns when the client has to wait: what to wait for before more is read from it */
  receive(chunk: Buffer): Promise<void> | undefined {
    this.#enqueue(this.#options.splitter.push(chunk));
    return this.#queued > MAX_QUEUE_COST ? this.#reading : undefined;
  }

  /**
   * The client sends nothing more. Calls that wait for something are told so; resolves when everything is answered. When
   * no call has ended for `patienceMs`, the rest is answered with an error; a client that reads slowly is waited for.
   */
  async end(patienceMs: number): Promise<void> {
    this.#enqueue(this.#options.splitter.end());
    this.#calls.abortAll();
    let before = this.#answered;
    const watch = setInterval(() => {
      if (this.#answered === before && !this.#isWaitingForDrain) this.#calls.giveUp();
      before = this.#answered;
    }, patienceMs);
    await this.#reading;
    await Promise.all(this.#answering);
    clearInterval(watch);
  }

  #enqueue(frames: readonly Frame[]): void {
    for (const frame of frames) {
      this.#queue.push(frame);
      this.#queued += costOf(frame);
    }
    if (this.#queue.length > 0) this.#reading ??= this.#read();
  }

  async #read(): Promise<void> {
    let turn = performance.now();
    while (this.#queue.length > 0) {
      const frames = this.#queue;
      this.#queue = [];
      for (const frame of frames) {
        await this.#take(frame);
        if (performance.now() - turn < YIELD_INTERVAL_MS) continue;
        await nextTurn();
        turn = performance.now();
      }
    }
    this.#reading = undefined;
  }

  async #take(frame: Frame): Promise<void> {
    const caughtUp = this.#options.waitForDrain();
    this.#isWaitingForDrain = caughtUp !== undefined;
    await caughtUp;
    this.#isWaitingForDrain = false;
    this.#queued -= costOf(frame);
    if (frame.kind === 'message') {
      const hasSlot = await this.#limiter.acquire();
      this.#answer(frame.text, hasSlot);
    } else this.#reportBadFrame(frame);
  }

  #answer(text: string, hasSlot: boolean): void {
    const answering = handleMessage(text, (request) => this.#dispatch(request, hasSlot))
      .then((json) => {
        if (json !== undefined) this.#options.send(json);
      })
      .finally(() => {
        this.#answering.delete(answering);
        this.#answered += 1;
        if (hasSlot) this.#limiter.free();
      });
    this.#answering.add(answering);
  }

  async #dispatch(request: JSONRPCRequest, hasSlot: boolean): Promise<JSONRPCResponse | null> {
    if (request.method === CANCEL_METHOD && request.id === undefined) this.#calls.abort(request.params?.id);
    else if (hasSlot) return this.#calls.start(request);
    else if (request.id !== undefined) return tooManyRequests(request.id);
    return null;
  }

  #reportBadFrame(frame: Exclude<Frame, { kind: 'message' }>): void {
    const { send, onLost } = this.#options;
    if (frame.kind === 'too_large') {
      const reason = `the message is over ${frame.limit} bytes`;
      send(JSON.stringify(invalidRequest(null, reason, 'It was skipped: send less at once.')));
    } else send(JSON.stringify(parseError(frame.reason)));
    if (frame.kind === 'lost') onLost(frame.reason);
  }
}

function costOf(frame: Frame): number {
  return MESSAGE_COST + (frame.kind === 'message' ? frame.text.length : 0);
}

function tooManyRequests(id: JSONRPCID): JSONRPCResponse {
  const hint = 'Wait for an answer, then ask again; run_job with wait_seconds 0 answers at once.';
  return unavailable(id, `too many requests in flight: ${MAX_IN_FLIGHT} are not answered yet`, hint);
}
