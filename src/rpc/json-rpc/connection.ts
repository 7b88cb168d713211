import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JSONRPCID, JSONRPCRequest, JSONRPCResponse } from 'json-rpc-2.0';
import type { Frame, Splitter } from '../stdio/line-splitter.ts';
import { invalidRequest, parseError, unavailable } from './error-responses.ts';
import { handleMessage } from './handle-message.ts';

/**
 * Limits how many messages are processed at once. At the limit, the next message waits for a free slot. It is refused
 * if no slot is freed for `patienceMs`. So a client may send any number of fast calls at once, and gets an error only
 * if all its active calls are waiting.
 */
class MessageLimiter {
  readonly #count: number;
  readonly #patienceMs: number;
  #taken = 0;
  /** The time since which all slots are taken and none was freed. */
  #quietSince = 0;
  #waiter: ((free: boolean) => void) | undefined;

  constructor(count: number, patienceMs: number) {
    this.#count = count;
    this.#patienceMs = patienceMs;
  }

  /** Takes a slot; callers ask one after the other. @returns false if no slot becomes free in time */
  acquire(): boolean | Promise<boolean> {
    if (this.#taken < this.#count) {
      this.#taken += 1;
      this.#quietSince = performance.now();
      return true;
    }
    const timeoutMs = this.#quietSince + this.#patienceMs - performance.now();
    return timeoutMs > 0 && this.#wait(timeoutMs);
  }

  /** Returns a slot. */
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

/** Handles a valid request. `signal` is aborted when the client no longer waits. Never rejects. */
type HandleRequest = (request: JSONRPCRequest, signal: AbortSignal) => PromiseLike<JSONRPCResponse | null>;

interface Call {
  id: JSONRPCID | undefined;
  controller: AbortController;
  giveUp(): void;
}

/** The unanswered requests of one client, and the ways to end them. */
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

  /** Aborts a request that the client no longer wants. It is answered with the result so far. */
  abort(id: unknown): void {
    for (const call of this.#calls) if (call.id === id) call.controller.abort();
  }

  /** Aborts all active requests, and all that start later. */
  abortAll(): void {
    this.#aborted = true;
    for (const { controller } of this.#calls) controller.abort();
  }

  /** Answers all active requests with an error without waiting for them, and all that start later. */
  giveUp(): void {
    this.#givenUp = true;
    for (const { giveUp } of this.#calls) giveUp();
    this.#calls.clear();
  }
}

function serverEnding({ id }: JSONRPCRequest): JSONRPCResponse | null {
  if (id === undefined) return null;
  const message = 'the server is stopping before this request has finished';
  return unavailable(id, message, 'Check the result: part of it may have been done.');
}

/** Messages that may be active at once. A batch counts as one. */
const MAX_IN_FLIGHT = 32;
/** If all slots are taken for this long and none is freed, the next message is refused. */
const SLOT_TIMEOUT_MS = 1_000;
/** The cost of the queue above which the client must wait: its characters, plus a constant for each message. */
const MAX_QUEUE_COST = 1024 * 1024;
const MESSAGE_COST = 128;
/** Signals and timers run at least this often, even under load. */
const YIELD_INTERVAL_MS = 20;

/**
 * The cancel notification of the Language Server Protocol (3.17, "Cancellation Support"). The cancelled request is
 * still answered.
 */
const CANCEL_METHOD = '$/cancelRequest';

interface ConnectionOptions {
  splitter: Splitter;
  handleRequest: HandleRequest;
  send(json: string): void;
  /** Waits while the client is far behind with reading. */
  waitForDrain(): Promise<void> | undefined;
  /** Called when the client's stream can no longer be parsed. */
  onLost(reason: string): void;
}

/** One client: receives its bytes and sends each answer when it is ready. */
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

  /** Processes incoming bytes. @returns a promise to await before more is read, if the client has to wait */
  receive(chunk: Buffer): Promise<void> | undefined {
    this.#enqueue(this.#options.splitter.push(chunk));
    return this.#queued > MAX_QUEUE_COST ? this.#reading : undefined;
  }

  /**
   * Ends the input. Waiting calls are aborted; resolves when everything is answered. If no call ends for `patienceMs`,
   * the rest is answered with an error. A client that reads slowly gets the time that it needs.
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
