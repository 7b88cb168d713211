import type { OperationInput, OperationOutput } from '../../../src/core/operations/call-operation.ts';
import type { OperationName } from '../../../src/core/operations/operations.ts';
import { Connection } from './connection.ts';
import {
  Disconnected,
  describeEnding,
  describeError,
  type Ending,
  isTooOld,
  ProgramError,
} from './failures.ts';
import type { Invocation } from './invocation.ts';

/** `failed`: for another reason, and nothing is tried before somebody asks for it. */
export type SessionKind = 'starting' | 'ready' | 'no_program' | 'old_program' | 'no_home' | 'failed';

export interface SessionState {
  kind: SessionKind;
  /** What is wrong and what to do; empty when nothing is. */
  message: string;
}

export interface SessionEvents {
  onState(state: SessionState): void;
  onNotification(method: string, params: unknown): void;
}

export interface SessionTimes {
  /** An answer that takes longer is said to be slow. */
  slowMs: number;
  /** The pauses before the program is started again, one for each end in a row. */
  restartMs: readonly number[];
  /** A program that has served for so long has not ended in a row with an earlier one. */
  steadyMs: number;
  /** How often a home that is not there, or cannot be used, is asked for again. */
  retryMs: number;
}

const TIMES: SessionTimes = {
  slowMs: 10_000,
  restartMs: [500, 2_000, 8_000, 30_000],
  steadyMs: 60_000,
  retryMs: 3_000,
};

/** Operations that take as long as what they wait for. */
const LENGTHY: readonly string[] = ['cancel_run', 'test_config', 'start_scheduler', 'stop_scheduler'];

/** Keeps `quickscrape rpc` running and subscribed, and says in one sentence what is wrong when it cannot. */
export class Session {
  readonly #readInvocation: () => Invocation;
  readonly #events: SessionEvents;
  readonly #times: SessionTimes;
  #connection: Connection | undefined;
  #state: SessionState = { kind: 'starting', message: '' };
  #ends = 0;
  /** Rises with each restart: an earlier one that is still waiting starts nothing. */
  #generation = 0;
  #readySince = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(readInvocation: () => Invocation, events: SessionEvents, times: Partial<SessionTimes> = {}) {
    this.#readInvocation = readInvocation;
    this.#events = events;
    this.#times = { ...TIMES, ...times };
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Starts the program, or ends it and starts it anew: after a change of settings, or when somebody asks. */
  async restart(): Promise<void> {
    this.#ends = 0;
    const generation = await this.#disconnect();
    if (generation !== this.#generation) return;
    this.#setState('starting');
    this.#connect();
  }

  async close(): Promise<void> {
    await this.#disconnect();
  }

  /**
   * @throws ProgramError when the program refuses
   * @throws Disconnected when it is not there
   */
  async call<N extends OperationName>(
    name: N,
    params: OperationInput<N>,
    signal?: AbortSignal,
  ): Promise<OperationOutput<N>> {
    const connection = this.#connection;
    if (connection === undefined)
      throw new Disconnected(this.#state.message || 'quickscrape is not connected');
    try {
      const answer = connection.call(name, params, signal);
      return await (LENGTHY.includes(name) ? answer : this.#noticeSlowness(name, answer));
    } catch (error) {
      if (error instanceof Disconnected && this.#state.message !== '')
        throw new Disconnected(this.#state.message);
      if (isHomeMissing(error) && this.#state.kind === 'ready') this.#refused(connection, error);
      throw error;
    }
  }

  #connect(): void {
    const connection = new Connection(this.#readInvocation(), {
      onNotification: (method, params) => this.#events.onNotification(method, params),
      onEnd: (ending) => {
        if (connection === this.#connection) this.#ended(ending);
      },
    });
    this.#connection = connection;
    void this.#subscribe(connection);
  }

  async #subscribe(connection: Connection): Promise<void> {
    try {
      await this.#noticeSlowness('subscribe', connection.request('subscribe', {}));
      if (connection !== this.#connection) return;
      this.#readySince = Date.now();
      this.#setState('ready');
    } catch (error) {
      // Its end is told by `onEnd`.
      if (error instanceof ProgramError && connection === this.#connection) this.#refused(connection, error);
    }
  }

  /** The home is not there, or cannot be used: the same program serves it once it can. */
  #refused(connection: Connection, error: unknown): void {
    this.#setState(isHomeMissing(error) ? 'no_home' : 'failed', describeError(error));
    this.#schedule(this.#times.retryMs, () => void this.#subscribe(connection));
  }

  #ended(ending: Ending): void {
    this.#connection = undefined;
    const message = describeEnding(ending);
    const wasReady = this.#state.kind === 'ready';
    if (wasReady && Date.now() - this.#readySince > this.#times.steadyMs) this.#ends = 0;
    // A program that has never answered is not started over and over.
    const pause = wasReady || this.#ends > 0 ? this.#times.restartMs[this.#ends] : undefined;
    if (ending.kind === 'missing') this.#setState('no_program', message);
    else if (isTooOld(ending)) this.#setState('old_program', message);
    else if (pause === undefined) this.#setState('failed', message);
    else {
      this.#ends += 1;
      this.#setState('starting', `${message} It is started again.`);
      this.#schedule(pause, () => this.#connect());
    }
  }

  async #noticeSlowness<T>(what: string, answer: Promise<T>): Promise<T> {
    const { kind, message } = this.#state;
    let isSlow = false;
    const timer = setTimeout(() => {
      if (this.#state.kind !== kind || this.#state.message !== message) return;
      isSlow = true;
      const seconds = Math.round(this.#times.slowMs / 1000);
      this.#setState(
        kind,
        `quickscrape has not answered ${what} for ${seconds} s. If this stays, restart it.`,
      );
    }, this.#times.slowMs);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      if (isSlow && this.#state.kind === kind) this.#setState(kind, message);
    }
  }

  async #disconnect(): Promise<number> {
    this.#generation += 1;
    const generation = this.#generation;
    clearTimeout(this.#timer);
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
    return generation;
  }

  #schedule(ms: number, work: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, ms);
  }

  #setState(kind: SessionKind, message = ''): void {
    if (kind === this.#state.kind && message === this.#state.message) return;
    this.#state = { kind, message };
    this.#events.onState(this.#state);
  }
}

function isHomeMissing(error: unknown): boolean {
  return error instanceof ProgramError && error.data.code === 'home_not_found';
}
