import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getWrittenValues } from '../../core/configs/written-secrets.ts';
import { IS_ACTIVE } from '../../core/database/schema.ts';
import {
  type GrantedRun,
  incomingFolder,
  readGrantedRun,
  saveCollectedCookies,
  saveGrantedRun,
} from '../../core/execution/granted-run.ts';
import { recordResult } from '../../core/execution/record-result.ts';
import { writeStartMessages } from '../../core/execution/write-start-messages.ts';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { type AttemptResult, isRemote, type RunRecord } from '../../core/model/run-record.ts';
import { restoreRunRow } from '../../core/runs/restore-run-row.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { claimRemoteStart, HANDED_OVER, revertClaim } from '../../core/runs/run-starts.ts';
import { recordProgress } from '../../core/runs/run-transitions.ts';
import { recordRunVariables } from '../../core/runs/run-variables.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { HomeMessage, WorkerMessage } from '../protocol/messages.ts';
import { EarlierAttempt } from './earlier-attempt.ts';
import { FileReceiver } from './file-receiver.ts';
import { checkGrantSize, makeGrant, readGrantedState } from './make-grant.ts';

type Claim = Extract<WorkerMessage, { kind: 'claim' }>;
type Collected = Extract<WorkerMessage, { kind: 'collected' }>;
type ResumeMessage = Extract<WorkerMessage, { kind: 'want_earlier' | 'start_over' | 'checkpoint' }>;
type TokenMessage = Exclude<WorkerMessage, { kind: 'hello' | 'bye' } | Claim>;

/** A start that a worker has claimed. */
export interface RemoteRun {
  readonly token: string;
  readonly worker: string;
  readonly granted: GrantedRun;
  readonly receiver: FileReceiver;
  /** What its worker gets of an earlier attempt. */
  readonly earlier: EarlierAttempt | undefined;
  /** The number of the last checkpoint that is here; 0 also after a restart of the home. */
  checkpoint: number;
  /** When its worker last said that it executes it, on the monotonic clock. */
  heardAt: number;
  /** Why its worker will not bring it to an end; `undefined` while it may. */
  lostBecause: string | undefined;
  /** Whether all its files are at home: the worker is not needed any more. */
  isCollected: boolean;
  /** Whether its files are complete here, and nothing more is written to them. */
  isComplete: boolean;
  /** Whether the attempt has ended, and its files are still on their way. */
  isSending: boolean;
  progress: Extract<WorkerMessage, { kind: 'progress' }> | undefined;
}

/** How soon the rows show the progress of their runs, in milliseconds. */
const PROGRESS_INTERVAL_MS = 250;
/** In a run's `incoming/`: all files of the attempt are complete. */
const COLLECTED = 'collected';

const LOST = {
  process:
    'its process on the worker ended without a result: killed, out of memory, or without space on the disk',
  earlier:
    'its worker did not begin it: it was ended, or what an earlier attempt has left did not arrive there',
};

interface RemoteRunsOptions {
  /** All files of a run are at home. */
  onCollected: (run: RemoteRun) => void;
  /** A run has ended without being collected. */
  onEnded: (token: string, run: RunRecord) => void;
  warn: (message: string) => void;
}

/**
 * The starts that workers have claimed, and what these send. Every message may be lost, repeated, late or out of order:
 * each is answered from the rows and files of the home.
 */
export class RemoteRuns {
  readonly #workspace: Workspace;
  readonly #options: RemoteRunsOptions;
  readonly #runs = new Map<string, RemoteRun>();
  /** The starts whose claims are being answered, one after the other. */
  readonly #claiming = new Map<string, Promise<void>>();
  #progressAt = Number.NEGATIVE_INFINITY;

  constructor(workspace: Workspace, options: RemoteRunsOptions) {
    this.#workspace = workspace;
    this.#options = options;
  }

  list(): readonly RemoteRun[] {
    return [...this.#runs.values()];
  }

  get(token: string): RemoteRun | undefined {
    return this.#runs.get(token);
  }

  /** Forgets a start that has ended: what its worker says about it is refused from now on. */
  forget(token: string): void {
    this.#runs.delete(token);
  }

  /**
   * Takes a claimed run over from an earlier scheduler.
   * @returns `undefined` when what its worker was given is lost: it cannot be finished
   * @throws QuickscrapeError `store_unavailable`, `not_allowed`: its folder cannot be used now
   */
  adopt(run: RunRecord): RemoteRun | undefined {
    const { paths, clock } = this.#workspace;
    const token = run.startToken ?? '';
    const known = this.#runs.get(token);
    if (known) return known;
    const files = runFiles(paths, run.jobId, run.runId);
    const granted = readGrantedRun(files);
    if (granted?.run.startToken !== token) return undefined;
    const isCollected = existsSync(join(incomingFolder(files), COLLECTED));
    const adopted: RemoteRun = {
      token,
      worker: run.worker ?? '',
      granted,
      ...this.#openFiles(granted),
      heardAt: clock.monotonic(),
      lostBecause: undefined,
      isCollected,
      isComplete: isCollected,
      isSending: false,
      progress: undefined,
    };
    this.#runs.set(token, adopted);
    return adopted;
  }

  /**
   * Reverts a claim that an earlier scheduler did not live to answer: its worker has begun nothing, and claims again.
   * Only a grant that is in the folder of the run was ever sent.
   */
  revertUnanswered(run: RunRecord): boolean {
    const { db, paths, clock } = this.#workspace;
    const granted = readGrantedRun(runFiles(paths, run.jobId, run.runId));
    if (!isRemote(run) || run.cancelRequestedAt !== null || granted?.run.startToken === run.startToken)
      return false;
    const attempt = run.attempt - 1;
    const startedAt = attempt === 0 ? null : run.startedAt;
    revertClaim(db, { ...run, attempt, startedAt, worker: HANDED_OVER, startDeadline: clock.now() }, run);
    return true;
  }

  /** Whether a claim of this start is being answered: its row may be ahead of what is known of it here. */
  isClaiming(token: string): boolean {
    return this.#claiming.has(token);
  }

  /** Notes which starts a worker executes; returns those that do not count any more. */
  hear(worker: string, executing: readonly string[]): string[] {
    const now = this.#workspace.clock.monotonic();
    return executing.filter((token) => {
      if (this.isClaiming(token)) return false;
      const run = this.#find(token, worker);
      if (run) run.heardAt = now;
      return run === undefined;
    });
  }

  /** Claims a start for a worker. The same claim gets the same answer, however often it is asked. */
  claim(worker: string, claim: Claim): Promise<HomeMessage> {
    const { token } = claim;
    const before = this.#claiming.get(token) ?? Promise.resolve();
    const answer = before.then(() => this.#claim(worker, claim));
    const settled = answer.then(
      () => {},
      () => {},
    );
    this.#claiming.set(token, settled);
    void settled.then(() => {
      if (this.#claiming.get(token) === settled) this.#claiming.delete(token);
    });
    return answer;
  }

  /**
   * Deals with a message about a claimed start.
   * @returns the answers
   * @throws QuickscrapeError `store_unavailable`: the worker says it again
   */
  async receive(worker: string, message: TokenMessage): Promise<HomeMessage[]> {
    const { token } = message;
    const run = this.#find(token, worker);
    if (run === undefined) return [refuse(token)];
    if (run.isComplete && message.kind !== 'collected') return [];
    if (message.kind === 'progress') run.progress = message;
    else if (message.kind === 'piece') {
      const receipt = run.receiver.receive(message);
      if ('size' in receipt) return [{ kind: 'have', token, file: message.file, size: receipt.size }];
      this.#fail(run, receipt.error);
      return [refuse(token, receipt.error.message)];
    } else if (message.kind === 'lost') {
      const error = { kind: 'abandoned', message: LOST[message.because] };
      this.#record(run.granted.run, { outcome: 'abandoned', error });
      return [refuse(token, error.message)];
    } else if (message.kind === 'collected') return this.#collect(run, message);
    else return this.#answerOfResume(run, message);
    return [];
  }

  /** Messages of an attempt that continues an earlier one, or that another one may continue. */
  #answerOfResume(run: RemoteRun, message: ResumeMessage): HomeMessage[] {
    const { token, receiver, earlier } = run;
    if (message.kind === 'want_earlier')
      return (earlier?.read(message.at) ?? []).map((part) => ({ kind: 'earlier', token, ...part }));
    if (message.kind === 'start_over') {
      receiver.startOver();
      return [{ kind: 'have', token, file: 'items.jsonl', size: receiver.size('items.jsonl') }];
    }
    if (message.number > run.checkpoint) {
      if (!receiver.replaceCheckpoint(message.items, message.data)) return [];
      run.checkpoint = message.number;
    }
    return [{ kind: 'kept', token, number: run.checkpoint }];
  }

  #openFiles({ run, logBytes, earlier }: GrantedRun): Pick<RemoteRun, 'receiver' | 'earlier' | 'checkpoint'> {
    const { paths, clock, settings } = this.#workspace;
    const files = runFiles(paths, run.jobId, run.runId);
    const maxBytes = settings.get('executor_max_result') * 1024 * 1024;
    return {
      receiver: new FileReceiver(files, run.startToken ?? '', logBytes, maxBytes, earlier?.items),
      earlier: earlier && new EarlierAttempt(files, earlier, () => clock.monotonic()),
      checkpoint: 0,
    };
  }

  /** Writes the progress of all runs into their rows, in one transaction. */
  recordProgress(): void {
    const { db, clock } = this.#workspace;
    const now = clock.monotonic();
    // The counts of a run whose files are complete are recorded with its outcome.
    const news = this.list().filter(({ progress, isComplete }) => progress !== undefined && !isComplete);
    if (news.length === 0 || now - this.#progressAt < PROGRESS_INTERVAL_MS) return;
    this.#progressAt = now;
    db.transaction(() => {
      for (const run of news) {
        const { items = 0, pages = 0, bytes = 0, total = null } = run.progress ?? {};
        recordProgress(db, run.granted.run.runId, run.token, { items, pages, bytes, totalPages: total });
        run.progress = undefined;
      }
    });
  }

  /** Puts the rows of the claimed runs back that are missing after a loss of the database, except those of deleted jobs. */
  restoreRows(): void {
    for (const run of this.#runs.values())
      if (!this.#isDeleted(run)) restoreRunRow(this.#workspace.db, run.granted.run);
  }

  #isDeleted({ granted }: RemoteRun): boolean {
    const { runs, jobs } = this.#workspace;
    const { runId, jobId } = granted.run;
    return runs.get(runId) === undefined && jobs.get(jobId) === undefined;
  }

  #find(token: string, worker: string): RemoteRun | undefined {
    const known = this.#runs.get(token);
    if (known) return known.worker === worker ? known : undefined;
    const row = this.#workspace.db.get<{ runId: string }>(
      `SELECT run_id AS runId FROM runs
       WHERE ${IS_ACTIVE} AND status = 'running' AND start_token = ? AND worker = ?`,
      [token, worker],
    );
    const run = row && this.#workspace.runs.get(row.runId);
    return run && isRemote(run) ? this.adopt(run) : undefined;
  }

  async #claim(worker: string, { run: runId, token, claim }: Claim): Promise<HomeMessage> {
    const { db, clock, paths, runs, jobs } = this.#workspace;
    const known = this.#find(token, worker);
    if (known?.isCollected) return { kind: 'done', token };
    if (known)
      return known.granted.claim === claim ? makeGrant(this.#workspace, known.granted) : refuse(token);
    const queued = runs.get(runId);
    const entry = queued && jobs.get(queued.jobId);
    const definition = entry?.kind === 'valid' ? entry.record.definition : undefined;
    const timeoutMs = 1000 * (definition?.timeout ?? 3600);
    const run = claimRemoteStart(db, runId, token, worker, clock.now(), timeoutMs, definition);
    if (run === undefined) return refuse(token);
    const files = runFiles(paths, run.jobId, run.runId);
    try {
      const granted = readGrantedState(this.#workspace, run, claim);
      const opened = this.#openFiles(granted);
      const grant = makeGrant(this.#workspace, granted);
      checkGrantSize(grant);
      await saveGrantedRun(files, granted);
      await recordRunVariables(files, { ...grant.env, ...getWrittenValues(grant.config.yaml) });
      const heardAt = clock.monotonic();
      const state = {
        heardAt,
        lostBecause: undefined,
        isCollected: false,
        isComplete: false,
        isSending: false,
      };
      this.#runs.set(token, { token, worker, granted, ...opened, ...state, progress: undefined });
      writeStartMessages(this.#workspace, run, (message) =>
        this.#options.warn(`run ${run.runId}: ${message}`),
      );
      return grant;
    } catch (error) {
      const known = error instanceof QuickscrapeError;
      const hint = known && typeof error.hint === 'string' ? `. ${error.hint}` : '';
      const message = error instanceof Error ? `${error.message}${hint}` : String(error);
      this.#record(run, { outcome: 'failed', error: { kind: known ? error.code : 'internal', message } });
      return refuse(token, message);
    }
  }

  async #collect(run: RemoteRun, { sizes, checkpoint, cookies }: Collected): Promise<HomeMessage[]> {
    const { token } = run;
    if (run.isCollected) return [{ kind: 'done', token }];
    if (this.#isDeleted(run)) {
      this.#runs.delete(token);
      this.#options.onEnded(token, run.granted.run);
      return [refuse(token, 'its job was deleted')];
    }
    run.isSending = true;
    const different = run.receiver.different(sizes);
    if (different.some(({ file, size }) => size > (sizes[file] ?? 0))) {
      this.#fail(run, { kind: 'internal', message: 'its worker has sent more than it says' });
      return [refuse(token)];
    }
    if (different.length > 0) return different.map((one) => ({ kind: 'have', token, ...one }));
    if (checkpoint !== run.checkpoint) return [{ kind: 'kept', token, number: run.checkpoint }];
    // From here on nothing is written, because the files are about to be checked and exported.
    run.isComplete = true;
    await run.receiver.sync(sizes);
    const { jobId, runId } = run.granted.run;
    const files = runFiles(this.#workspace.paths, jobId, runId);
    await saveCollectedCookies(files, cookies);
    // From here on the worker removes its copy. Another scheduler has to know that it need not wait for it.
    await writeFileDurably(join(incomingFolder(files), COLLECTED), '');
    if (run.isCollected) return [{ kind: 'done', token }];
    run.isCollected = true;
    // Without its row, no process could finish it.
    restoreRunRow(this.#workspace.db, run.granted.run);
    this.#options.onCollected(run);
    return [{ kind: 'done', token }];
  }

  #fail(run: RemoteRun, error: { kind: string; message: string }): void {
    this.#record(run.granted.run, { outcome: 'failed', error });
  }

  #record(run: RunRecord, result: AttemptResult): void {
    const token = run.startToken ?? '';
    const ended = recordResult(this.#workspace, run, result);
    this.#runs.delete(token);
    this.#options.onEnded(token, ended ?? run);
  }
}

function refuse(token: string, why = 'this start no longer counts'): HomeMessage {
  return { kind: 'refuse', token, why: why.slice(0, 1_000) };
}
