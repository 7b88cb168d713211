export type OverlapPolicy = 'skip' | 'queue' | 'cancel_running' | 'allow';

/** A run of the job that is not over. */
export interface ActiveRun {
  runId: string;
  status: 'queued' | 'starting' | 'running' | 'waiting_retry';
}

export type OverlapDecision =
  | { action: 'start' }
  | { action: 'skip'; reason: string }
  /** The runs that make way: all of them, or the next one would wait for one that is waiting itself. */
  | { action: 'cancel_and_start'; cancel: string[] };

/**
 * What a due occurrence does while earlier runs of its job are not over.
 * @param active the runs that are not over, the one under way first
 */
export function decideOverlap(policy: OverlapPolicy, active: readonly ActiveRun[]): OverlapDecision {
  const [first] = active;
  if (!first || policy === 'allow') return { action: 'start' };
  if (policy === 'cancel_running')
    return { action: 'cancel_and_start', cancel: active.map(({ runId }) => runId) };
  const queued = active.find(({ status }) => status === 'queued');
  if (policy === 'queue' && !queued) return { action: 'start' };
  if (policy === 'queue' && queued && queued !== first)
    return {
      action: 'skip',
      reason: `${describeUnfinished(first)}, and run ${queued.runId} is queued already`,
    };
  return { action: 'skip', reason: describeUnfinished(first) };
}

function describeUnfinished({ runId, status }: ActiveRun): string {
  switch (status) {
    case 'running':
    case 'starting':
      return `still running: run ${runId}`;
    case 'queued':
      return `run ${runId} is queued and has not started yet`;
    case 'waiting_retry':
      return `run ${runId} is not over yet: it waits for its retry`;
    default:
      return status satisfies never;
  }
}
