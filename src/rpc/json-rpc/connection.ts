import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JSONRPCID, JSONRPCRequest, JSONRPCResponse } from 'json-rpc-2.0';
import type { Frame, Splitter } from '../stdio/frame.ts';
import { CallsUnderWay, type CarryOut } from './calls-under-way.ts';
import { invalidRequest, parseError, unavailable } from './error-answers.ts';
import { Places } from './places.ts';
import { answerMessage } from './strict-front.ts';

/** So many messages may be under way at once; a batch is one. */
const IN_FLIGHT = 32;
/** When all of them wait for something, the next one is turned away after so long. */
const PATIENCE_MS = 1_000;
/** So much may wait to be worked on before the client is made to wait: characters, and for each message what it takes. */
const QUEUE_LIMIT = 1024 * 1024;
const MESSAGE_COST = 128;
/** Signals and timers get their turn at least so often, however much there is to do. */
const TURN_MS = 20;

/** The notification of the Language Server Protocol (3.17, "Cancellation Support"): its request is answered all the same. */
const CANCEL = '$/cancelRequest';

export interface ConnectionOptions {
  splitter: Splitter;
  carryOut: CarryOut;
  send(json: string): void;
  /** Waits while the client is far behind with reading. */
  readerCaughtUp(): Promise<void> | undefined;
  /** Called when the client's stream cannot be followed any more. */
  onLost(reason: string): void;
}

/** One client: its bytes come in, answers go out as they are ready. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #places = new Places(IN_FLIGHT, PATIENCE_MS);
  readonly #calls: CallsUnderWay;
  #queue: Frame[] = [];
  #queued = 0;
  #reading: Promise<void> | undefined;
  readonly #answering = new Set<Promise<void>>();
  #answered = 0;
  #readerIsBehind = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#calls = new CallsUnderWay(options.carryOut);
  }

  /** Takes bytes. @returns when the client has to wait: what to wait for before more is read from it */
  receive(chunk: Buffer): Promise<void> | undefined {
    this.#enqueue(this.#options.splitter.push(chunk));
    return this.#queued > QUEUE_LIMIT ? this.#reading : undefined;
  }

  /**
   * The client sends nothing more. Calls that wait for something are told so; resolves when everything is answered. When
   * no call has ended for `patienceMs`, the rest is answered with an error; a client that reads slowly is waited for.
   */
  async end(patienceMs: number): Promise<void> {
    this.#enqueue(this.#options.splitter.end());
    this.#calls.hurryAll();
    let before = this.#answered;
    const watch = setInterval(() => {
      if (this.#answered === before && !this.#readerIsBehind) this.#calls.giveUp();
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
        if (performance.now() - turn < TURN_MS) continue;
        await nextTurn();
        turn = performance.now();
      }
    }
    this.#reading = undefined;
  }

  async #take(frame: Frame): Promise<void> {
    const caughtUp = this.#options.readerCaughtUp();
    this.#readerIsBehind = caughtUp !== undefined;
    await caughtUp;
    this.#readerIsBehind = false;
    this.#queued -= costOf(frame);
    if (frame.kind === 'message') {
      const free = await this.#places.take();
      this.#answer(frame.text, free);
    } else this.#tell(frame);
  }

  #answer(text: string, free: boolean): void {
    const answering = answerMessage(text, (request) => this.#dispatch(request, free))
      .then((json) => {
        if (json !== undefined) this.#options.send(json);
      })
      .finally(() => {
        this.#answering.delete(answering);
        this.#answered += 1;
        if (free) this.#places.free();
      });
    this.#answering.add(answering);
  }

  async #dispatch(request: JSONRPCRequest, free: boolean): Promise<JSONRPCResponse | null> {
    if (request.method === CANCEL && request.id === undefined) this.#calls.hurry(request.params?.id);
    else if (free) return this.#calls.begin(request);
    else if (request.id !== undefined) return turnAway(request.id);
    return null;
  }

  #tell(frame: Exclude<Frame, { kind: 'message' }>): void {
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

function turnAway(id: JSONRPCID): JSONRPCResponse {
  const hint = 'Wait for an answer, then ask again; run_job with wait_seconds 0 answers at once.';
  return unavailable(id, `too many requests in flight: ${IN_FLIGHT} are not answered yet`, hint);
}
