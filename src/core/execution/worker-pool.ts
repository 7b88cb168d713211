import { closeSync, writeSync } from 'node:fs';
import type { Clock } from '../lib/clock.ts';
import { programStamp } from '../lib/program-replaced.ts';
import type { ProcessIdentity } from '../process/identity.ts';
import type { CollectTask } from './collect-task.ts';
import { CLAIM_TIMEOUT_MS, type WorkerCommand } from './run-process.ts';
import { startWorker, type WorkerProcess, type WorkerTask } from './worker-process.ts';

/** An idle worker is dismissed after this long, in milliseconds. */
export const IDLE_TIMEOUT_MS = 30_000;

/** A dismissed worker that has not ended after this long is killed, in milliseconds. */
export const EXIT_TIMEOUT_MS = 5_000;

/** After an idle worker has failed, none is started ahead for this long, in milliseconds: it would fail, too. */
const FAILURE_PAUSE_MS = 5_000;

/**
 * How long a run waits for a worker that has just recorded the outcome of another one, in milliseconds. Starting a new
 * worker takes longer.
 */
export const MAX_WAIT_MS = 1_000;

/** How long the last output of an idle worker may be, in characters. */
const MAX_OUTPUT = 500;

/**
 * How a task ended: the worker is free again, or it has ended, with a description. `wasReady: false` means that
 * the worker has not begun the task.
 */
export type TaskEnd = { kind: 'free' } | { kind: 'ended'; reason: string; wasReady?: boolean };

/** One start of a run. */
export interface Start {
  /** What the worker has to do. */
  task: (WorkerTask & { token: string }) | CollectTask;
  /** Opens the run's log, for output that the worker does not write to it itself. */
  openLog(): number;
  /** Receives a line that the worker reports during the task. */
  onReport?(line: string): void;
  /** Called when the run has finished, and the worker executes its commands. */
  onCallback?(): void;
}

interface PendingStart extends Start {
  settle(end: TaskEnd): void;
}

interface Member {
  worker: WorkerProcess;
  /** The program file when it was started: a worker of another build takes no more runs. */
  build: string;
  /** It has loaded what a run needs. */
  isWarm: boolean;
  /** The start that it executes; `undefined`: it is idle. */
  start: PendingStart | undefined;
  /** The run has finished, and the worker executes its commands, which may take minutes. */
  isCallingBack: boolean;
  /** Since when the task has been over, on the monotonic clock, although the worker is not free. */
  overSince: number | undefined;
  /** It takes no more runs. */
  isClosed: boolean;
  /** What it printed while it was idle. */
  output: string;
  cancelTimer(): void;
}

interface PoolOptions {
  /** Identifies the installed program. An upgrade replaces the files that a running worker would load later. */
  build?: () => string;
  /** Receives a message when an idle worker has ended by itself. */
  warn?: (message: string) => void;
  /** Whether a start was revoked, or its attempt has an outcome and no callback is left to make. */
  isOver?: (start: { runId: string; token: string }) => boolean;
}

/**
 * The workers of a scheduler. Each executes one run after the other. A run takes an idle worker. Where there is none,
 * it takes a new one, or waits for a moment if there are as many workers as slots, or one is about to be free.
 */
export class WorkerPool {
  readonly #command: WorkerCommand;
  readonly #clock: Clock;
  readonly #slots: number;
  readonly #build: () => string;
  readonly #warn: (message: string) => void;
  readonly #isOver: (start: { runId: string; token: string }) => boolean;
  /** In the order in which they became idle. */
  readonly #members = new Set<Member>();
  readonly #waiting = new Map<PendingStart, () => void>();
  /** When an idle worker ended by itself the last time, on the monotonic clock. */
  #failedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  /** @param slots the maximum number of runs at the same time; no more workers stay idle */
  constructor(
    command: WorkerCommand,
    clock: Clock,
    slots: number,
    { build = programStamp, warn = () => {}, isOver = () => false }: PoolOptions = {},
  ) {
    this.#command = command;
    this.#clock = clock;
    this.#slots = slots;
    this.#build = build;
    this.#warn = warn;
    this.#isOver = isOver;
  }

  /**
   * Gives a start to a worker.
   * @returns how it ended; never rejects
   */
  execute(given: Start): Promise<TaskEnd> {
    return new Promise((settle) => {
      const start = { ...given, settle };
      const addLate = () => {
        this.#waiting.delete(start);
        this.#give(this.#add(), start);
      };
      this.#waiting.set(start, this.#clock.setTimer(addLate, MAX_WAIT_MS));
      this.#serveWaiting();
    });
  }

  /** Starts workers until `count` are idle or about to be. They end when they have been idle for thirty seconds. */
  keepReady(count: number): void {
    if (this.#clock.monotonic() - this.#failedAt < FAILURE_PAUSE_MS) return;
    this.#dismissOutdated();
    const ready = this.#idle().slice(-count);
    const missing = count - ready.length - this.#finishing().length;
    for (let left = missing; left > 0 && this.#hasCapacity(); left -= 1) ready.push(this.#add());
    // Also those that were idle before: none may end just before its run.
    for (const member of ready) this.#startIdleTimer(member);
  }

  /** Tells the workers that execute a {@link CollectTask} that this process goes on. */
  beat(): void {
    for (const { start, worker } of this.#members) if (start !== undefined) worker.beat();
  }

  /** The process that executes a start; `undefined`: it waits, or has ended. */
  processOf(token: string): ProcessIdentity | undefined {
    const member = [...this.#members].find(({ start }) => start?.task.token === token);
    return member?.worker.identity();
  }

  /** The number of workers, idle and busy, without those that were dismissed. */
  get size(): number {
    return this.#members.size;
  }

  /** Kills hanging workers: those that are not free half a minute after their task was over. */
  killHanging(): void {
    const now = this.#clock.monotonic();
    for (const member of this.#members) {
      if (!this.#isFinishing(member)) continue;
      member.overSince ??= now;
      if (now - member.overSince >= CLAIM_TIMEOUT_MS) member.worker.kill();
    }
  }

  /**
   * Dismisses the idle workers. The others end after their runs. Those that do not end are killed, for which a timer
   * keeps this process alive.
   */
  close(): void {
    this.#isClosed = true;
    for (const member of this.#members) this.#dismiss(member);
    for (const [start, cancelTimer] of this.#waiting) {
      cancelTimer();
      this.#give(this.#add(), start);
    }
    this.#waiting.clear();
  }

  #serveWaiting(): void {
    let finishing = this.#waiting.size === 0 ? 0 : this.#finishing().length;
    for (const [start, cancelTimer] of this.#waiting) {
      let member = this.#takeIdle();
      if (member === undefined && finishing > 0) {
        finishing -= 1;
        continue;
      }
      if (member === undefined && this.#hasCapacity()) member = this.#add();
      if (member === undefined) return;
      this.#waiting.delete(start);
      cancelTimer();
      this.#give(member, start);
    }
  }

  #give(member: Member, start: PendingStart): void {
    member.cancelTimer();
    member.start = start;
    member.worker.give(start.task);
  }

  #idle(): Member[] {
    return [...this.#members].filter(
      ({ start, isClosed, worker }) => start === undefined && !isClosed && !worker.hasEnded(),
    );
  }

  /** The workers that are about to be free. */
  #finishing(): Member[] {
    return [...this.#members].filter((member) => !member.isClosed && this.#isFinishing(member));
  }

  #isFinishing({ start }: Member): boolean {
    try {
      return start !== undefined && this.#isOver(start.task);
    } catch {
      // The database cannot be read now. This is asked again, and others report it.
      return false;
    }
  }

  /** Returns the worker that became idle last, so that the others reach their time-out. */
  #takeIdle(): Member | undefined {
    this.#dismissOutdated();
    const idle = this.#idle();
    return idle.findLast(({ isWarm }) => isWarm) ?? idle.at(-1);
  }

  #dismissOutdated(): void {
    const build = this.#build();
    for (const member of this.#idle()) if (member.build !== build) this.#dismiss(member);
  }

  /** Whether another worker may be started. Those that execute commands after a run occupy no slot. */
  #hasCapacity(): boolean {
    return this.#occupied() < this.#slots;
  }

  #occupied(): number {
    return [...this.#members].filter(({ isCallingBack }) => !isCallingBack).length;
  }

  #add(): Member {
    const member: Member = {
      build: this.#build(),
      isWarm: false,
      start: undefined,
      isCallingBack: false,
      overSince: undefined,
      isClosed: false,
      output: '',
      cancelTimer() {},
      worker: startWorker(this.#command, {
        onReady() {
          member.isWarm = true;
        },
        onCallback: () => {
          member.isCallingBack = true;
          member.start?.onCallback?.();
          this.#serveWaiting();
        },
        onFree: () => this.#onFree(member),
        onReport: (line) => member.start?.onReport?.(line),
        onOutput: (text) => this.#log(member, text),
      }),
    };
    this.#members.add(member);
    void member.worker.ended.then((reason) => this.#onEnded(member, reason));
    return member;
  }

  #onEnded(member: Member, reason: string): void {
    member.cancelTimer();
    if (member.start === undefined && !member.isClosed) {
      this.#failedAt = this.#clock.monotonic();
      this.#warn(`an idle worker failed: ${[reason, member.output.trim()].filter(Boolean).join('; ')}`);
    }
    this.#members.delete(member);
    member.start?.settle({ kind: 'ended', reason, wasReady: member.isWarm });
    this.#serveWaiting();
  }

  #onFree(member: Member): void {
    const start = member.start;
    // It may have ended before this line was read.
    if (!this.#members.delete(member)) return;
    this.#members.add(member);
    Object.assign(member, { start: undefined, isCallingBack: false, overSince: undefined });
    this.#serveWaiting();
    if (member.start === undefined) {
      if (this.#isClosed || member.isClosed || this.#occupied() > this.#slots) this.#dismiss(member);
      else this.#startIdleTimer(member);
    }
    start?.settle({ kind: 'free' });
  }

  #startIdleTimer(member: Member): void {
    member.cancelTimer();
    member.cancelTimer = this.#clock.setTimer(() => this.#dismiss(member), IDLE_TIMEOUT_MS);
  }

  #dismiss(member: Member): void {
    member.cancelTimer();
    member.isClosed = true;
    member.worker.close();
    if (member.start !== undefined) return;
    this.#members.delete(member);
    // It may be stopped, or compute for ever. It executes nothing, so nothing is lost.
    member.cancelTimer = this.#clock.setTimer(() => member.worker.kill(), EXIT_TIMEOUT_MS);
  }

  /** Appends a worker's output to the log of its run. */
  #log(member: Member, text: string): void {
    if (member.start === undefined) {
      member.output = (member.output + text).slice(-MAX_OUTPUT);
      return;
    }
    try {
      const log = member.start.openLog();
      try {
        writeSync(log, text);
      } finally {
        closeSync(log);
      }
    } catch {
      // The disk is full, or the run's files are gone: the outcome does not depend on this text.
    }
  }
}
