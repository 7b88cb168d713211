import type { Executor } from '../execution/executor.ts';
import type { RunRecord } from '../model/run-record.ts';
import { listRunning, skipQueuedRun } from '../runs/run-queue.ts';
import { selectStartable, startableRuns } from '../runs/startable-runs.ts';
import type { Workspace } from '../workspace.ts';
import { findDowntimes } from './downtime.ts';
import { decideSkip } from './skip-queued.ts';

/** Starts queued runs while slots are free, and reconciles a run as soon as its process has ended. */
export class Dispatcher {
  readonly #workspace: Workspace;
  readonly #executor: Executor;
  readonly #onEnded: (run: RunRecord) => void;
  /** Attempts whose processes this scheduler started and has not reported as ended. */
  readonly #started = new Set<Pick<RunRecord, 'runId'>>();

  /**
   * @param onEnded called with a run when the process that this scheduler started for it has ended, and with a queued
   *   run that is skipped
   */
  constructor(workspace: Workspace, executor: Executor, onEnded: (run: RunRecord) => void) {
    this.#workspace = workspace;
    this.#executor = executor;
    this.#onEnded = onEnded;
  }

  /** Fills the free slots with runs that may start now; returns the started runs. */
  dispatch(now: number, slots: number): RunRecord[] {
    const { db, settings } = this.#workspace;
    const perHost = settings.get('max_runs_per_host');
    const started: RunRecord[] = [];
    const held = new Set(this.#executor.heldPools?.());
    for (;;) {
      const running = listRunning(db);
      const free = slots - running.length;
      const batch = free > 0 ? startableRuns(db, now, free, perHost, [...held]) : [];
      if (batch.filter((run) => this.#skip(run, now)).length > 0) continue;
      // Each start may block other runs of its job or host, so the candidates are queried again.
      const batchStarted = selectStartable(batch, running, perHost).filter((run) => this.#start(run));
      started.push(...batchStarted);
      const heldBefore = held.size;
      for (const pool of this.#executor.heldPools?.() ?? []) held.add(pool);
      // Runs of a pool that has just been found busy must not keep others from starting.
      if (batchStarted.length === 0 && held.size === heldBefore) return started;
    }
  }

  #skip(run: RunRecord, now: number): boolean {
    // A run that this tick has queued was decided with the current state, so it needs no second check.
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

  /** Reports runs that have finished although their processes are still busy, for example with a callback. */
  reportEnded(): void {
    for (const attempt of this.#started) this.#reportEndedAttempt(attempt);
  }

  #reportEndedAttempt(attempt: Pick<RunRecord, 'runId'>): void {
    if (!this.#started.delete(attempt)) return;
    const ended = this.#workspace.runs.get(attempt.runId);
    // A start that was taken back is no end of the run.
    if (ended && ended.status !== 'queued') this.#onEnded(this.#executor.reconcile(ended) ?? ended);
  }
}
