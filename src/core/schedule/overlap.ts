export type OverlapPolicy = 'skip' | 'queue' | 'cancel_running' | 'allow';

/** An active run of the job. */
export interface ActiveRun {
  runId: string;
  status: 'queued' | 'starting' | 'running' | 'waiting_retry';
}

export type OverlapDecision =
  | { action: 'start' }
  | { action: 'skip'; reason: string }
  /**
   * The runs to cancel: all active ones, because otherwise the next run would wait for a run that is itself waiting.
   */
  | { action: 'cancel_and_start'; cancel: string[] };

/**
 * Decides what a due occurrence does while earlier runs of its job are active.
 * @param active the active runs, the one with a process first
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
      reason: `${describeUnfinished(first)}, and run ${queued.runId} is already queued`,
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
      return `run ${runId} has not finished: it waits for its retry`;
    default:
      return status satisfies never;
  }
}
