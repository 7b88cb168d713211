import { moveDeadline, recordProgress } from '../../core/runs/run-transitions.ts';
import type { Progress } from '../crawl/pipeline.ts';
import { restoreLostRun } from './record-outcome.ts';
import type { Attempt } from './run-log.ts';

/** Well below the ten seconds for which other processes observe an overdue run before they end it, in milliseconds. */
const CHECK_INTERVAL_MS = 3_000;
/** The deadline in the row may differ by this much from the remaining time, in milliseconds. */
const TOLERANCE_MS = 2_000;

/**
 * Keeps the deadline in the run's row correct when the clock is set or the machine sleeps while no scheduler moves it.
 * Otherwise a reconciling process would end the run too early.
 * @returns a function that stops it
 */
export function maintainDeadline({ workspace, run, log }: Attempt, timeoutMs: number): () => void {
  const { clock, db, runs } = workspace;
  const end = clock.monotonic() + timeoutMs;
  const check = () => {
    const deadline = clock.now() + end - clock.monotonic();
    const savedDeadline = runs.get(run.runId)?.deadline ?? deadline;
    if (Math.abs(savedDeadline - deadline) > TOLERANCE_MS)
      moveDeadline(db, run.runId, run.startToken ?? '', deadline);
  };
  const timer = setInterval(() => {
    try {
      check();
    } catch (error) {
      log.line('warn', `the time limit could not be updated: ${String(error)}`);
    }
  }, CHECK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Minimum time between two writes of the progress, in milliseconds. */
const PROGRESS_INTERVAL_MS = 250;
/** Writes the progress of an attempt into its row, a few times a second. */
export function createProgressWriter({ workspace, run, log }: Attempt, token: string) {
  let latest: Progress | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const write = () => {
    if (!latest) return;
    const { items, pages, bytes, total_pages: totalPages } = latest;
    recordProgress(workspace.db, run.runId, token, { items, pages, bytes, totalPages });
  };
  return {
    /** Writes the last counts, also in a transaction of the caller. */
    write,
    note(progress: Progress) {
      latest = progress;
      if (performance.now() - writtenAt < PROGRESS_INTERVAL_MS) return;
      writtenAt = performance.now();
      try {
        if (workspace.db.reopenIfReplaced()) restoreLostRun(workspace, log, run);
        write();
      } catch (error) {
        // Progress is only informative; the run continues without it.
        log.line('warn', `progress was not written: ${String(error)}`);
      }
    },
  };
}
