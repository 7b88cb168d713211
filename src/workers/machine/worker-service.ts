import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { StoreLock } from '../../core/database/locks.ts';
import { collectingWorker } from '../../core/execution/run-process.ts';
import { WorkerPool } from '../../core/execution/worker-pool.ts';
import { systemClock } from '../../core/lib/clock.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { BUILD } from '../../core/lib/program.ts';
import { rememberProgram } from '../../core/lib/program-replaced.ts';
import { pluralize, truncateList } from '../../core/lib/text.ts';
import type { Invitation } from '../protocol/invitation.ts';
import type { Grant, HomeMessage, Start } from '../protocol/messages.ts';
import type { Tracing } from '../protocol/otlp-tracing.ts';
import type { RedisState } from '../protocol/redis-client.ts';
import { openTracing } from '../protocol/tracing.ts';
import { CarriedRun } from './carried-run.ts';
import { MachineLink } from './machine-link.ts';
import { ProgramWatch } from './program-watch.ts';
import { claimFolder } from './worker-folder.ts';

/** A claim that the home has not answered is repeated after this long, in milliseconds… */
const REPEAT_CLAIM_MS = 3_000;
/** …and after this long, the start goes back into the queue: the home is down. */
const GIVE_UP_CLAIM_MS = 25_000;
/** The interval between checks of the files, in milliseconds: so late a log may be at home. */
const SEND_INTERVAL_MS = 250;
/** How often processes that execute runs learn that this one goes on, in milliseconds: much oftener than they need. */
const BEAT_MS = 1_000;
/** How often idle processes get the message to stay, in milliseconds. */
const KEEP_READY_MS = 15_000;
/** At most this many processes wait for a run: each takes some 60 MB. */
const MAX_READY = 4;
/** The number of starts whose claims are remembered until the home answers. */
const MAX_ASKED = 10_000;
/** How long cancelled runs may take to be at home, in milliseconds… */
const DELIVERY_MS = 12_000;
/** …and after that, they are given up when the home has not been heard for this long. */
const DELIVERY_SILENCE_MS = 5_000;
/** Silence of the home after which the log says what may be wrong, in milliseconds. */
const SILENCE_MS = 60_000;

export interface WorkerServiceOptions {
  invitation: Invitation;
  /** The password of Redis. */
  password: string | undefined;
  /** How many runs it executes at once. */
  slots: number;
  /** Where the files of its runs are, until they are at home. */
  folder: string;
  /** The private hosts that configurations may reach from here. */
  allowPrivate: readonly string[];
  /** Called when it begins to drain, for any reason. */
  onDraining?: () => void;
  log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/** What a worker does, for people and for its service manager. */
export interface WorkerView {
  /** Whether the home's queue in Redis has heard of it. */
  isRegistered: boolean;
  isConnected: boolean;
  /** What is wrong with Redis, for people. */
  problem: string | undefined;
  isDraining: boolean;
  running: number;
  slots: number;
}

/** A worker that was started. */
export interface RunningWorker {
  /** Takes no more runs; called again, it cancels the active ones. */
  drain(): void;
  view(): WorkerView;
}

/** Why a worker ends: it was drained, or cannot work for its home. */
export type WorkerEnd = 'drained' | 'refused';

/** A worker for the runs of another machine's home. */
export class WorkerService {
  readonly #options: WorkerServiceOptions;
  readonly #runs = new Map<string, CarriedRun>();
  /** The starts that were taken, until the home has answered, or did not in time. */
  readonly #claims = new Map<string, () => void>();
  /** The claims of starts that were neither granted nor refused, by their tokens. */
  readonly #asked = new Map<string, string>();
  readonly #pool: WorkerPool;
  readonly #link: MachineLink;
  readonly #incarnation = randomUUID();
  #heardAt = performance.now();
  #hasHeard = false;
  readonly #program: ProgramWatch;
  #isDraining = false;
  /** Since when the active runs are cancelled, on the monotonic clock. */
  #cancellingSince: number | undefined;
  #end: WorkerEnd = 'drained';
  #onDrained: () => void = () => {};

  private constructor(options: WorkerServiceOptions, tracing: Tracing | undefined) {
    const { invitation, password, slots, folder, log } = options;
    this.#options = options;
    this.#pool = new WorkerPool(collectingWorker(folder), systemClock, slots, {
      warn: (message) => log('warn', message),
      isOver: ({ token }) => this.#runs.get(token)?.hasEnded ?? true,
    });
    this.#link = new MachineLink({
      redis: { address: invitation.redis, user: invitation.user, password, tracing },
      homeId: invitation.home,
      name: invitation.name,
      key: invitation.key,
      poolKeys: { pool: invitation.pool, tags: new Map(Object.entries(invitation.tags)) },
      version: BUILD,
      incarnation: this.#incarnation,
      slots,
      tags: Object.keys(invitation.tags),
      executing: () => [...this.#runs.keys()],
      usedSlots: () => this.#usedSlots(),
      onStart: (start) => this.#claim(start),
      onMessage: (message) => this.#hear(message),
      onForeignProtocol: (protocol) =>
        this.#refused(`the home speaks protocol ${protocol} of workers: install the version that it has`),
      onCutOff: () => {
        log(
          'warn',
          'Redis has been away for too long: the runs are ended, because the home may give them up',
        );
        for (const run of this.#runs.values()) run.cancel();
      },
      onState: (state) => this.#onState(state),
      warn: (message) => log('warn', message),
    });
    this.#program = new ProgramWatch(log, () => this.#link.slotsChanged());
  }

  /**
   * Works until it is drained.
   * @param onStarted receives it before it connects to Redis
   * @throws QuickscrapeError `conflict` when another process uses the folder; `store_unavailable`
   */
  static async run(
    options: WorkerServiceOptions,
    onStarted: (worker: RunningWorker) => void = () => {},
  ): Promise<WorkerEnd> {
    const { folder } = options;
    rememberProgram();
    claimFolder(folder);
    let hasStarted = false;
    const lock = new StoreLock(join(folder, 'lock.db'), { maxWaitMs: 0 });
    try {
      return await lock.withLock(async () => {
        // The home has given these up, or does so as soon as it hears this process.
        rmSync(join(folder, 'runs'), { recursive: true, force: true });
        hasStarted = true;
        const { invitation, log } = options;
        const traced = { name: 'quickscrape-worker', instance: invitation.name };
        const tracing = await openTracing(traced, (message) => log('warn', message));
        const service = new WorkerService(options, tracing);
        onStarted({ drain: () => service.drain(service.#isDraining), view: () => service.#view() });
        return service.#work();
      });
    } catch (error) {
      if (error instanceof QuickscrapeError && error.code === 'store_unavailable' && !hasStarted)
        throw new QuickscrapeError('conflict', `another worker uses ${folder}`, {
          hint: 'Stop it, or give this one another folder with --dir.',
        });
      throw error;
    } finally {
      lock.close();
    }
  }

  /** @param now whether to cancel the active runs */
  drain(now: boolean): void {
    if (now && this.#cancellingSince === undefined) {
      // Also those that the home is about to grant.
      this.#cancellingSince = performance.now();
      if (this.#runs.size > 0) this.#options.log('info', 'the active runs are cancelled');
    }
    if (now) for (const run of this.#runs.values()) run.cancel();
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#options.onDraining?.();
    const active = this.#runs.size;
    this.#options.log(
      'info',
      active === 0
        ? 'no more runs are taken'
        : `no more runs are taken; ${pluralize(active, 'run')} to finish`,
    );
    void this.#link.drain().then(() => this.#checkDrained());
  }

  #view(): WorkerView {
    const { isConnected, problem } = this.#link.state;
    return {
      isRegistered: this.#link.hasWritten,
      isConnected,
      problem,
      isDraining: this.#isDraining,
      running: this.#runs.size,
      slots: this.#options.slots,
    };
  }

  async #work(): Promise<WorkerEnd> {
    const { slots, log, invitation } = this.#options;
    log('info', `worker ${invitation.name}: ${pluralize(slots, 'slot')}, ${invitation.redis}`);
    const ready = Math.min(slots, MAX_READY);
    this.#pool.keepReady(ready);
    this.#sayHello();
    const timers = [
      setInterval(() => this.#sayHello(), REPEAT_CLAIM_MS),
      setInterval(() => this.#onTick(), SEND_INTERVAL_MS),
      setInterval(() => this.#pool.beat(), BEAT_MS),
      setInterval(() => {
        if (!this.#isDraining) this.#pool.keepReady(ready);
      }, KEEP_READY_MS),
      setInterval(() => this.#noteSilence(), SILENCE_MS),
    ];
    await new Promise<void>((resolve) => {
      this.#onDrained = resolve;
    });
    for (const timer of timers) clearInterval(timer);
    await this.#link.close();
    this.#pool.close();
    log('info', 'worker stopped');
    return this.#end;
  }

  /** Until the home answers. */
  #sayHello(): void {
    if (!this.#hasHeard) this.#link.say({ kind: 'hello', incarnation: this.#incarnation }, { now: true });
  }

  #usedSlots(): number {
    // A run that began now would have no process. Its start waits for another worker, or for the end of the upgrade.
    if (this.#program.isMissing) return this.#options.slots;
    const runs = [...this.#runs.values()];
    const unsent = runs.filter(({ hasEnded }) => hasEnded).length;
    // What is not at home yet takes disk: while much of it waits, no more is fetched.
    return runs.length - unsent + Math.max(0, unsent - this.#options.slots);
  }

  /** Asks the home whether a start counts. */
  async #claim({ run, token }: Start): Promise<boolean> {
    // Delivered again while it is executed: the lock in Redis was lost, and the start was not.
    if (this.#runs.has(token) || this.#claims.has(token)) return true;
    // Under the same claim, the home grants it again if its answer was lost.
    const claim = this.#asked.get(token) ?? randomUUID();
    for (const [oldest] of this.#asked) if (this.#asked.size >= MAX_ASKED) this.#asked.delete(oldest);
    this.#asked.set(token, claim);
    const ask = () => this.#link.say({ kind: 'claim', run, token, claim }, { now: true });
    const answered = new Promise<void>((resolve) => this.#claims.set(token, resolve));
    let hasGivenUp = false;
    const repeat = setInterval(ask, REPEAT_CLAIM_MS);
    const giveUp = setTimeout(() => {
      hasGivenUp = true;
      this.#claims.get(token)?.();
    }, GIVE_UP_CLAIM_MS);
    ask();
    await answered;
    clearInterval(repeat);
    clearTimeout(giveUp);
    this.#claims.delete(token);
    return !hasGivenUp;
  }

  #begin(grant: Grant): void {
    const { folder, allowPrivate, log } = this.#options;
    const { token } = grant;
    const run = new CarriedRun({
      grant,
      folder: join(folder, 'runs', token),
      pool: this.#pool,
      machineHosts: allowPrivate,
      maxSilenceMs: this.#link.maxAwayMs,
      say: (message, options) => this.#link.say(message, options),
      onEnded: () => this.#link.slotsChanged(),
      warn: (message) => log('warn', message),
    });
    this.#runs.set(token, run);
    if (this.#cancellingSince !== undefined) run.cancel();
    log('info', `run ${grant.run} of job ${grant.job_id} started (attempt ${grant.attempt})`);
  }

  #hear(message: HomeMessage): void {
    this.#heardAt = performance.now();
    this.#hasHeard = true;
    if (message.kind === 'alive') {
      this.#link.setMaxAway(1000 * message.max_away_seconds);
      this.#link.setPools(message.pools);
    } else if (message.kind === 'grant') this.#hearGrant(message);
    else if (message.kind === 'drain') this.drain(message.now);
    else if (message.kind === 'revoked')
      this.#refused('its invitation was revoked or has expired: ask for a new one');
    else this.#hearOfRun(message);
  }

  #hearGrant(grant: Grant): void {
    const { token, claim } = grant;
    // A copy, perhaps of a run that has ended, or for an earlier process of this worker.
    if (this.#asked.get(token) !== claim) return;
    this.#asked.delete(token);
    // Also when the home has answered so late that the start was given back: it counts as claimed by this worker.
    this.#begin(grant);
    this.#claims.get(token)?.();
  }

  #hearOfRun(message: Extract<HomeMessage, { token: string }>): void {
    const run = this.#runs.get(message.token);
    if (message.kind === 'refuse' || message.kind === 'done') {
      this.#asked.delete(message.token);
      this.#claims.get(message.token)?.();
    }
    if (run === undefined) return;
    if (message.kind === 'have') run.acknowledge(message.file, message.size);
    else if (message.kind === 'kept') run.acknowledgeCheckpoint(message.number);
    else if (message.kind === 'earlier') run.receive(message);
    else if (message.kind === 'cancel') run.cancel();
    else if (message.kind === 'done') this.#remove(run, 'its rows are at home');
    else if (message.kind === 'refuse') {
      run.refuse();
      if (run.isOver) this.#remove(run, message.why);
    }
  }

  #remove(run: CarriedRun, why: string): void {
    this.#runs.delete(run.token);
    run.remove();
    this.#options.log('info', `start ${run.token}: ${why}`);
    this.#link.slotsChanged();
    this.#checkDrained();
  }

  #refused(why: string): void {
    if (this.#end === 'refused') return;
    this.#end = 'refused';
    this.#options.log('error', why);
    for (const run of this.#runs.values()) run.refuse();
    this.drain(true);
  }

  #onTick(): void {
    for (const run of this.#runs.values()) {
      run.endIfCancelled();
      if (run.isOver) this.#remove(run, 'the home does not need it');
      else if (this.#link.state.isConnected) this.#send(run);
    }
    this.#program.check();
    if (this.#isDeliveryHopeless()) this.#giveUp();
  }

  /** Whether runs were cancelled a while ago, and the home does not take what they have left. */
  #isDeliveryHopeless(): boolean {
    const now = performance.now();
    const { isConnected } = this.#link.state;
    return (
      now - (this.#cancellingSince ?? now) > DELIVERY_MS &&
      (!isConnected || now - this.#heardAt > DELIVERY_SILENCE_MS)
    );
  }

  /** Ends without the runs that the home has not received: it gives them up when it misses this worker. */
  #giveUp(): void {
    const runs = [...this.#runs.values()].map((run) => run.name);
    if (runs.length > 0) this.#options.log('warn', `not delivered to the home: ${truncateList(runs)}`);
    this.#onDrained();
  }

  #send(run: CarriedRun): void {
    try {
      run.send();
    } catch (error) {
      this.#options.log('warn', `the files of start ${run.token} cannot be read: ${String(error)}`);
    }
  }

  #checkDrained(): void {
    if (this.#isDraining && this.#runs.size === 0 && this.#claims.size === 0) this.#onDrained();
  }

  #onState({ isConnected, problem }: RedisState): void {
    const { log } = this.#options;
    if (isConnected) this.#sayHello();
    if (problem !== undefined) log('warn', problem);
    else log(isConnected ? 'info' : 'warn', isConnected ? 'Redis answers' : 'Redis is away');
  }

  #noteSilence(): void {
    const silentMs = performance.now() - this.#heardAt;
    if (silentMs < SILENCE_MS || !this.#link.state.isConnected) return;
    this.#options.log(
      'warn',
      `the home has not answered for ${Math.round(silentMs / 1000)} s: no scheduler with executor: bullmq runs there, or this invitation is not valid any more`,
    );
  }
}
