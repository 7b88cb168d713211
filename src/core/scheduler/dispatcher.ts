import type { Executor } from '../execution/executor.ts';
import type { RunRecord } from '../model/run-record.ts';
import { listRunning, skipQueuedRun } from '../runs/run-queue.ts';
import { selectStartable, startableRuns } from '../runs/startable-runs.ts';
import type { Workspace } from '../workspace.ts';
import { findDowntimes } from './downtime.ts';
import { decideSkip } from './skip-queued-run.ts';

/** Starts queued runs while slots are free, and looks at once after one whose process has ended. */
export class Dispatcher {
  readonly #workspace: Workspace;
  readonly #executor: Executor;
  readonly #onEnded: (run: RunRecord) => void;
  /** The attempts whose processes this scheduler started and has not seen end. */
  readonly #started = new Set<Pick<RunRecord, 'runId'>>();

  /**
   * @param onEnded called with the run when a process that this scheduler started for it has ended, and with one that is
   *   not started after all
   */
  constructor(workspace: Workspace, executor: Executor, onEnded: (run: RunRecord) => void) {
    this.#workspace = workspace;
    this.#executor = executor;
    this.#onEnded = onEnded;
  }

  /** Fills the free slots with the runs that may start now; returns those it started. */
  dispatch(now: number, slots: number): RunRecord[] {
    const { db, settings } = this.#workspace;
    const perHost = settings.get('max_runs_per_host');
    const started: RunRecord[] = [];
    for (;;) {
      const running = listRunning(db);
      const free = slots - running.length;
      const batch = free > 0 ? startableRuns(db, now, free, perHost) : [];
      if (batch.filter((run) => this.#skip(run, now)).length > 0) continue;
      // Each start may hold back others of its job or host, so further candidates are asked for anew.
      const batchStarted = selectStartable(batch, running, perHost).filter((run) => this.#start(run));
      started.push(...batchStarted);
      if (batchStarted.length === 0) return started;
    }
  }

  #skip(run: RunRecord, now: number): boolean {
    // What has been decided in this very tick needs no second look.
    if (run.queuedAt >= now) return false;
    const { db, jobs } = this.#workspace;
    const downtimes = findDowntimes(db, run.notBefore, now);
    const end = decideSkip(run, jobs.get(run.jobId), now, downtimes);
    const skipped = end && skipQueuedRun(db, run.runId, end, now);
    if (skipped) this.#onEnded(skipped);
    return skipped !== undefined;
  }

  #start(run: RunRecord): boolean {
    const attempt = { runId: run.runId };
    this.#started.add(attempt);
    const isStarted = this.#executor.start(run, () => this.#reportEndedAttempt(attempt));
    if (!isStarted) this.#started.delete(attempt);
    return isStarted;
  }

  /** Tells of the runs that are over while their processes still have something to do, such as a callback. */
  reportEnded(): void {
    for (const attempt of this.#started) this.#reportEndedAttempt(attempt);
  }

  #reportEndedAttempt(attempt: Pick<RunRecord, 'runId'>): void {
    if (!this.#started.delete(attempt)) return;
    const ended = this.#workspace.runs.get(attempt.runId);
    if (ended) this.#onEnded(this.#executor.reconcile(ended) ?? ended);
  }
}
