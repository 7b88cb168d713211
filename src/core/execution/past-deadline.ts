import type { RunRecord } from '../model/run-record.ts';
import type { Workspace } from '../workspace.ts';

/** How long a run process may take to end by itself after its deadline, before another process ends it. */
const OVERDUE_GRACE_MS = 10_000;

const seen = new WeakMap<Workspace, Map<string, number>>();

/**
 * Whether a run is long past its deadline: this process has observed that for ten seconds without interruption, on the
 * monotonic clock. A wall clock that was set, or a machine that has just woken up, makes no run overdue. The run's own
 * process counts its real running time, and the scheduler moves the deadline.
 */
export function isPastDeadline(workspace: Workspace, run: RunRecord): boolean {
  const since = seen.get(workspace) ?? new Map<string, number>();
  seen.set(workspace, since);
  if (run.deadline === null || workspace.clock.now() <= run.deadline) {
    since.delete(run.runId);
    return false;
  }
  const now = workspace.clock.monotonic();
  const first = since.get(run.runId) ?? now;
  since.set(run.runId, first);
  if (now - first < OVERDUE_GRACE_MS) return false;
  since.delete(run.runId);
  return true;
}
