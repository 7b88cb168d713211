import { readConcurrencyLimits } from '../lease/start-limits.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { truncateList } from '../lib/truncate-list.ts';
import type { Actor } from '../model/definition.ts';
import { listRunning } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';

/** Actors whose callers are programs: a faulty program may request runs without end. */
const LIMITED_ACTORS: readonly Actor[] = ['mcp', 'rpc'];

/**
 * Whether a run may start without a scheduler that would queue it. People may start any number of runs; a client that
 * is a program may start no more than a scheduler would.
 */
export function hasCapacity(workspace: Workspace): boolean {
  return (
    !LIMITED_ACTORS.includes(workspace.actor) ||
    listRunning(workspace.db).length < readConcurrencyLimits(workspace).slots
  );
}

/** @throws QuickscrapeError `conflict` without {@link hasCapacity | capacity} */
export function requireCapacity(workspace: Workspace): void {
  if (hasCapacity(workspace)) return;
  const ids = truncateList(listRunning(workspace.db).map(({ runId }) => runId));
  const { slots } = readConcurrencyLimits(workspace);
  throw new QuickscrapeError(
    'conflict',
    `no run can start without a scheduler, as the limit of active runs is reached (max_concurrent_runs is ${slots}): ${ids}`,
    {
      hint: { id: 'queue_with_scheduler' },
    },
  );
}
