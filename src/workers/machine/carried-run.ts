import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectReport, CollectTask } from '../../core/execution/collect-task.ts';
import { collectionMark } from '../../core/execution/run-process.ts';
import type { WorkerPool } from '../../core/execution/worker-pool.ts';
import { tryParseJson } from '../../core/lib/json.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import { terminateTree } from '../../core/process/process-tree.ts';
import { openToAppend } from '../../core/runs/run-files.ts';
import type { Grant, RunFileName, WorkerMessage } from '../protocol/messages.ts';
import { FileSender } from './file-sender.ts';

/** How long a cancelled run may take to end before it is killed, in milliseconds. */
const GRACE_MS = 10_000;
/** What the home has not confirmed is said again after this long, in milliseconds. */
const REPEAT_MS = 3_000;

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

/** A run of the home on this machine: its process, and its files until they are at home. */
export class CarriedRun {
  readonly #options: CarriedRunOptions;
  readonly #sender: FileSender;
  /** What a cancelled run leaves is not sent when the home has refused it. */
  #isRefused = false;
  #collected: { cookies: string | null } | undefined;
  #isLost = false;
  #saidAt = Number.NEGATIVE_INFINITY;
  #isCancelled = false;
  #ending: Promise<void> | undefined;

  constructor(options: CarriedRunOptions) {
    this.#options = options;
    const { folder, grant } = options;
    this.#sender = new FileSender(folder, grant.token, grant.log_at);
    this.#execute().catch((error: unknown) => this.#lose(String(error)));
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
    return this.#collected !== undefined || this.#isLost;
  }

  /** Whether the home needs nothing of it any more, and no process executes it. */
  get isOver(): boolean {
    return this.#isRefused && this.hasEnded;
  }

  /** Sends what there is and fits into the window, and says again what was not confirmed. Call it while Redis answers. */
  send(): void {
    if (this.#isRefused) return;
    const { say } = this.#options;
    for (const piece of this.#sender.next()) say(piece);
    if (!this.hasEnded || performance.now() - this.#saidAt < REPEAT_MS) return;
    this.#saidAt = performance.now();
    if (this.#isLost) say({ kind: 'lost', token: this.token }, { now: true });
    else if (this.#collected) {
      const { cookies } = this.#collected;
      say({ kind: 'collected', token: this.token, sizes: this.#sender.sizes(), cookies }, { now: true });
    }
  }

  acknowledge(file: RunFileName, size: number): void {
    this.#sender.acknowledge(file, size);
    // The home waits for no more than the end of the files.
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

  async #execute(): Promise<void> {
    const { grant, folder, pool, machineHosts, maxSilenceMs } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const task: CollectTask = {
      runId: grant.run,
      token: grant.token,
      jobId: grant.job_id,
      attempt: grant.attempt,
      maxAttempts: grant.max_attempts,
      trigger: grant.trigger,
      timeoutMs: grant.timeout_seconds * 1000,
      folder,
      config: { yaml: grant.config.yaml, file: grant.config.file, isClientText: grant.config.is_client_text },
      env: grant.env,
      settings: grant.settings,
      expect: grant.expect as JobDefinition['expect'],
      cookies: grant.cookies,
      machineHosts,
      maxSilenceMs,
    };
    const end = await pool.execute({
      task,
      openLog: () => openToAppend(join(folder, 'run.log')),
      onReport: (line) => this.#onReport(tryParseJson(line) as CollectReport | undefined),
    });
    if (this.#collected === undefined) this.#lose(end.kind === 'ended' ? end.reason : 'it reported nothing');
  }

  /** There will be no result. */
  #lose(why: string): void {
    const { grant, onEnded, warn } = this.#options;
    this.#isLost = true;
    warn(`run ${grant.run}: its process ended without a result: ${why}`);
    onEnded();
    this.#sendNow();
  }

  #onReport(report: CollectReport | undefined): void {
    if (report === undefined) return;
    if ('progress' in report) {
      this.#options.say({ kind: 'progress', token: this.token, ...report.progress });
      return;
    }
    this.#collected = report.collected;
    this.#sender.end();
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
