import type { RunRecord } from '../../core/model/run-record.ts';
import { moveDeadline } from '../../core/runs/run-transitions.ts';
import type { Workspace } from '../../core/workspace.ts';
import { logLine } from './run-log.ts';

/** Well within the time for which others watch a run that is overdue before they end it, in milliseconds. */
const CHECK_INTERVAL_MS = 3_000;
/** The deadline in the row may differ by this much from the time that is left, in milliseconds. */
const TOLERANCE_MS = 2_000;

/**
 * Keeps the deadline in the run's row at the instant at which its time will really be up, also when the clock is set or
 * the machine sleeps while no scheduler is there to move it: otherwise whoever looks would end the run too early.
 * @returns what ends that
 */
export function maintainDeadline(workspace: Workspace, run: RunRecord, timeoutMs: number): () => void {
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
      logLine('warn', `the time limit was not brought up to date: ${String(error)}`);
    }
  }, CHECK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
