import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CollectReport, CollectTask } from '../../core/execution/collect-task.ts';
import { collectionMark } from '../../core/execution/run-process.ts';
import type { WorkerPool } from '../../core/execution/worker-pool.ts';
import { tryParseJson } from '../../core/lib/json.ts';
import { isProgramReplaced } from '../../core/lib/program-replaced.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import { terminateTree } from '../../core/process/process-tree.ts';
import { openToAppend } from '../../core/runs/run-files.ts';
import type { Grant, HomeMessage, RunFileName, WorkerMessage } from '../protocol/messages.ts';
import { CheckpointSender } from './checkpoint-sender.ts';
import { EarlierFiles } from './earlier-files.ts';
import { FileSender } from './file-sender.ts';

/** How long a cancelled run may take to end before it is killed, in milliseconds. */
const GRACE_MS = 10_000;
/** What the home has not confirmed is said again after this long, in milliseconds. */
const REPEAT_MS = 3_000;
/** While an upgrade replaces the program, a process that could not begin is started again after this long… */
const START_AGAIN_MS = 1_000;
/** …until this long after the first one, in milliseconds. */
const START_AGAIN_FOR_MS = 120_000;

interface CarriedRunOptions {
  grant: Grant;
  /** The folder of this run, which does not exist yet. */
  folder: string;
  pool: WorkerPool;
  /** The private hosts that this machine lets any configuration reach. */
  machineHosts: readonly string[];
  /** Its process ends when this one stands still for longer, in milliseconds. */
  maxSilenceMs: number;
  say: (message: WorkerMessage, options?: { now?: boolean }) => void;
  /** The attempt has ended: its process is free for another one. */
  onEnded: () => void;
  warn: (message: string) => void;
}

type Collected = Extract<CollectReport, { collected: unknown }>['collected'];
type Lost = Extract<WorkerMessage, { kind: 'lost' }>;

/**
 * A run of the home on this machine: what it needs of an earlier attempt, its process, and its files until they are at
 * home.
 */
export class CarriedRun {
  readonly #options: CarriedRunOptions;
  readonly #sender: FileSender;
  readonly #checkpoints: CheckpointSender;
  /** While what an earlier attempt has left is on its way. */
  #earlier: EarlierFiles | undefined;
  readonly #grantedAt = performance.now();
  /** What a cancelled run leaves is not sent when the home has refused it. */
  #isRefused = false;
  #collected: Collected | undefined;
  #lostBecause: Lost['because'] | undefined;
  #saidAt = Number.NEGATIVE_INFINITY;
  #isCancelled = false;
  #ending: Promise<void> | undefined;

  constructor(options: CarriedRunOptions) {
    this.#options = options;
    const { folder, grant } = options;
    const { token, earlier } = grant;
    this.#sender = new FileSender(folder, token, grant.log_at, earlier?.items);
    this.#checkpoints = new CheckpointSender(token);
    if (earlier !== null) this.#earlier = new EarlierFiles(folder, token, earlier);
    this.#begin();
  }

  get token(): string {
    return this.#options.grant.token;
  }

  /** Names it for people. */
  get name(): string {
    const { run, job_id: jobId } = this.#options.grant;
    return `run ${run} of job ${jobId}`;
  }

  /** Whether the attempt has ended: the run occupies no slot any more. */
  get hasEnded(): boolean {
    return this.#collected !== undefined || this.#lostBecause !== undefined;
  }

  /** Whether the home needs nothing of it any more, and no process executes it. */
  get isOver(): boolean {
    return this.#isRefused && this.hasEnded;
  }

  /** Sends what there is and fits into the window, and says again what was not confirmed. Call it while Redis answers. */
  send(): void {
    if (this.#isRefused) return;
    if (this.#earlier !== undefined) {
      this.#fetch(this.#earlier);
      return;
    }
    const { say } = this.#options;
    const startOver = this.#sender.startOver();
    if (startOver) say(startOver, { now: true });
    for (const piece of this.#sender.next()) say(piece);
    if (this.#sender.isRemoving) return;
    const checkpoint = this.#checkpoints.next(this.#sender.sentItems);
    if (checkpoint) say(checkpoint);
    if (!this.hasEnded || performance.now() - this.#saidAt < REPEAT_MS) return;
    const { token } = this;
    const last = this.#checkpoints.last();
    if (this.#lostBecause !== undefined)
      say({ kind: 'lost', token, because: this.#lostBecause }, { now: true });
    else if (this.#collected && last !== undefined) {
      const { cookies } = this.#collected;
      const sizes = this.#sender.sizes();
      say({ kind: 'collected', token, sizes, checkpoint: last, cookies }, { now: true });
    } else return;
    this.#saidAt = performance.now();
  }

  /** A part of what an earlier attempt has left. */
  receive(part: Extract<HomeMessage, { kind: 'earlier' }>): void {
    try {
      this.#earlier?.receive(part);
      if (this.#earlier) this.#fetch(this.#earlier);
    } catch (error) {
      this.#lose(`what an earlier attempt has left cannot be written: ${String(error)}`, 'earlier');
    }
  }

  acknowledge(file: RunFileName, size: number): void {
    this.#sender.acknowledge(file, size);
    // The home waits for no more than the end of the files.
    if (this.hasEnded && this.#sender.isAtHome()) this.#saidAt = Number.NEGATIVE_INFINITY;
  }

  acknowledgeCheckpoint(number: number): void {
    this.#checkpoints.acknowledge(number);
    if (this.hasEnded && this.#sender.isAtHome()) this.#saidAt = Number.NEGATIVE_INFINITY;
  }

  /** Ends the run. What it has collected is sent, unless the home refuses it. */
  cancel(): void {
    this.#isCancelled = true;
    this.endIfCancelled();
  }

  /** Ends the process of a cancelled run, which it may have got only now. */
  endIfCancelled(): void {
    if (!this.#isCancelled) return;
    if (this.#earlier !== undefined) this.#lose('it was cancelled before it began', 'earlier');
    const leader = this.#options.pool.processOf(this.token);
    if (leader === undefined || this.hasEnded) return;
    this.#ending ??= terminateTree({ leaders: [leader], mark: collectionMark(this.token) }, GRACE_MS)
      .catch((error: unknown) => this.#options.warn(`a process could not be ended: ${String(error)}`))
      .finally(() => {
        this.#ending = undefined;
      });
  }

  /** The home needs nothing of this run any more. */
  refuse(): void {
    this.#isRefused = true;
    this.cancel();
  }

  /** Removes its files. */
  remove(): void {
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  #begin(): void {
    try {
      mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
      if (this.#earlier === undefined)
        this.#execute(null).catch((error: unknown) => this.#lose(String(error)));
      else this.#fetch(this.#earlier);
    } catch (error) {
      this.#lose(String(error));
    }
  }

  /** Asks for more of what an earlier attempt has left; begins when all of it is here. */
  #fetch(earlier: EarlierFiles): void {
    if (earlier.isComplete) {
      this.#earlier = undefined;
      this.#execute(earlier.checkpoint()).catch((error: unknown) => this.#lose(String(error)));
    } else if (earlier.isStalled) this.#lose('what an earlier attempt has left did not arrive', 'earlier');
    else {
      const wanted = earlier.next();
      if (wanted) this.#options.say(wanted, { now: true });
    }
  }

  async #execute(checkpoint: string | null): Promise<void> {
    const { grant, folder, pool, machineHosts, maxSilenceMs, warn } = this.#options;
    const waitedMs = checkpoint === null ? 0 : performance.now() - this.#grantedAt;
    const task: CollectTask = {
      runId: grant.run,
      token: grant.token,
      jobId: grant.job_id,
      attempt: grant.attempt,
      maxAttempts: grant.max_attempts,
      trigger: grant.trigger,
      // The home counts from the grant.
      timeoutMs: Math.max(1_000, grant.timeout_seconds * 1000 - waitedMs),
      folder,
      config: { yaml: grant.config.yaml, file: grant.config.file, isClientText: grant.config.is_client_text },
      params: grant.params ?? {},
      env: grant.env,
      settings: grant.settings,
      expect: grant.expect as JobDefinition['expect'],
      cookies: grant.cookies,
      checkpoint,
      startsOver: grant.starts_over,
      machineHosts,
      maxSilenceMs,
    };
    const execute = () =>
      pool.execute({
        task,
        openLog: () => openToAppend(join(folder, 'run.log')),
        onReport: (line) => this.#onReport(tryParseJson(line) as CollectReport | undefined),
      });
    const giveUpAt = performance.now() + START_AGAIN_FOR_MS;
    let end = await execute();
    // An upgrade that goes on has replaced some of the files, and not yet those that they need.
    while (
      end.kind === 'ended' &&
      end.wasReady === false &&
      this.#mayStartAgain() &&
      performance.now() < giveUpAt
    ) {
      warn(
        `run ${grant.run}: its process could not begin, because QuickScrape is being upgraded: it is tried again`,
      );
      await delay(START_AGAIN_MS);
      if (this.#mayStartAgain()) end = await execute();
    }
    if (this.#collected === undefined) this.#lose(end.kind === 'ended' ? end.reason : 'it reported nothing');
  }

  #mayStartAgain(): boolean {
    return !this.#isCancelled && !this.hasEnded && isProgramReplaced();
  }

  /** There will be no result. */
  #lose(why: string, because: Lost['because'] = 'process'): void {
    const { grant, onEnded, warn } = this.#options;
    this.#lostBecause = because;
    this.#earlier = undefined;
    const what = because === 'process' ? 'its process ended without a result' : 'it was not begun';
    warn(`run ${grant.run}: ${what}: ${why}`);
    onEnded();
    this.#sendNow();
  }

  #onReport(report: CollectReport | undefined): void {
    if (report === undefined || this.hasEnded) return;
    if ('progress' in report) {
      this.#options.say({ kind: 'progress', token: this.token, ...report.progress });
      return;
    }
    if ('began' in report) this.#sender.begin(report.began.isContinued);
    else if ('checkpoint' in report) this.#checkpoints.add(report.checkpoint);
    else this.#collect(report.collected);
  }

  #collect(collected: Collected): void {
    this.#collected = collected;
    this.#sender.end();
    this.#checkpoints.end(collected.hasFailed);
    this.#options.onEnded();
    this.#sendNow();
  }

  /** A failure is repeated, and reported, the next time that the files are read. */
  #sendNow(): void {
    try {
      this.send();
    } catch {
      // The files cannot be read now.
    }
  }
}
