import { QuickscrapeError } from '../errors.ts';
import { firstFew } from '../first-few.ts';
import type { Actor } from '../job/definition.ts';
import { startLimits } from '../scheduler/start-limits.ts';
import type { Workspace } from '../workspace.ts';
import { runsUnderWay } from './run-queue.ts';

/** Those whose callers are programs: one that has gone wild asks without end. */
const SERVED: readonly Actor[] = ['mcp', 'rpc'];

/**
 * Whether a run may start although no scheduler is there to let it wait for a slot: a person starts as many as they
 * like, a program's client no more than a scheduler would.
 */
export function hasRoom(workspace: Workspace): boolean {
  return (
    !SERVED.includes(workspace.actor) || runsUnderWay(workspace.db).length < startLimits(workspace).slots
  );
}

/** @throws QuickscrapeError `conflict` when there is no {@link hasRoom | room} */
export function requireRoom(workspace: Workspace): void {
  if (hasRoom(workspace)) return;
  const ids = firstFew(runsUnderWay(workspace.db).map(({ runId }) => runId));
  const { slots } = startLimits(workspace);
  throw new QuickscrapeError(
    'conflict',
    `as many runs are under way as may be without a scheduler (max_concurrent_runs is ${slots}): ${ids}`,
    {
      hint: 'Wait for one of them, or start the scheduler (start_scheduler): it lets others wait for their turn.',
    },
  );
}
