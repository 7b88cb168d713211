import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JSONRPCID, JSONRPCRequest, JSONRPCResponse } from 'json-rpc-2.0';
import type { Frame, Splitter } from '../stdio/line-splitter.ts';
import { invalidRequest, parseError, unavailable } from './error-responses.ts';
import { handleMessage } from './handle-message.ts';

/**
 * Room for so many messages at once. When all of it is taken, the next message waits until one ends; when none has ended
 * for `patienceMs`, it is turned away. So a client may send at once as much as it likes of what is done quickly, and one
 * whose calls all wait for something is told so.
 */
class MessageLimiter {
  readonly #count: number;
  readonly #patienceMs: number;
  #taken = 0;
  /** Since when all are taken and none has been given back. */
  #quietSince = 0;
  #waiter: ((free: boolean) => void) | undefined;

  constructor(count: number, patienceMs: number) {
    this.#count = count;
    this.#patienceMs = patienceMs;
  }

  /** Takes a place; one message after the other asks. @returns false when none is free in time */
  acquire(): boolean | Promise<boolean> {
    if (this.#taken < this.#count) {
      this.#taken += 1;
      this.#quietSince = performance.now();
      return true;
    }
    const timeoutMs = this.#quietSince + this.#patienceMs - performance.now();
    return timeoutMs > 0 && this.#wait(timeoutMs);
  }

  /** Gives a place back. */
  free(): void {
    this.#quietSince = performance.now();
    if (this.#waiter) this.#waiter(true);
    else this.#taken -= 1;
  }

  #wait(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiter?.(false), timeoutMs);
      this.#waiter = (free) => {
        clearTimeout(timer);
        this.#waiter = undefined;
        resolve(free);
      };
    });
  }
}

/** Carries out a valid request; `signal` is aborted when nobody waits for it any more. Never rejects. */
type HandleRequest = (request: JSONRPCRequest, signal: AbortSignal) => PromiseLike<JSONRPCResponse | null>;

interface Call {
  id: JSONRPCID | undefined;
  controller: AbortController;
  giveUp(): void;
}

/** The requests of one client that are not answered yet, and the ways to end them. */
class InFlightCalls {
  readonly #handleRequest: HandleRequest;
  readonly #calls = new Set<Call>();
  #aborted = false;
  #givenUp = false;

  constructor(handleRequest: HandleRequest) {
    this.#handleRequest = handleRequest;
  }

  async start(request: JSONRPCRequest): Promise<JSONRPCResponse | null> {
    if (this.#givenUp) return serverEnding(request);
    const controller = new AbortController();
    if (this.#aborted) controller.abort();
    return new Promise((resolve, reject) => {
      const call = { id: request.id, controller, giveUp: () => resolve(serverEnding(request)) };
      this.#calls.add(call);
      this.#handleRequest(request, controller.signal).then((response) => {
        this.#calls.delete(call);
        resolve(response);
      }, reject);
    });
  }

  /** The client does not want to wait for a request any more: it is answered with what there is by now. */
  abort(id: unknown): void {
    for (const call of this.#calls) if (call.id === id) call.controller.abort();
  }

  /** The same for all of them, and for all that are still to begin. */
  abortAll(): void {
    this.#aborted = true;
    for (const { controller } of this.#calls) controller.abort();
  }

  /** Answers all of them with an error, whatever becomes of them, and all that are still to begin. */
  giveUp(): void {
    this.#givenUp = true;
    for (const { giveUp } of this.#calls) giveUp();
    this.#calls.clear();
  }
}

function serverEnding({ id }: JSONRPCRequest): JSONRPCResponse | null {
  if (id === undefined) return null;
  const message = 'the server ends before this request is done';
  return unavailable(id, message, 'Look at what has come of it: it may have been carried out in part.');
}

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

interface ConnectionOptions {
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
