export type OverlapPolicy = 'skip' | 'queue' | 'cancel_running' | 'allow';

/** What is known of the job's run that is not over. */
export interface ActiveRun {
  runId: string;
  status: 'queued' | 'starting' | 'running' | 'waiting_retry';
  /** How many runs of the job wait in its queue. */
  queued: number;
}

export type OverlapDecision =
  | { action: 'start' }
  | { action: 'skip'; reason: string }
  | { action: 'cancel_and_start'; cancel: string };

/** What a due occurrence does while an earlier run of its job is not over. */
export function decideOverlap(policy: OverlapPolicy, active: ActiveRun | undefined): OverlapDecision {
  if (!active || policy === 'allow') return { action: 'start' };
  if (policy === 'cancel_running') return { action: 'cancel_and_start', cancel: active.runId };
  if (policy === 'queue' && active.queued === 0) return { action: 'start' };
  const reason =
    policy === 'queue'
      ? `run ${active.runId} is not over and another one is queued already`
      : active.status === 'running'
        ? `still running: run ${active.runId}`
        : `not over yet: run ${active.runId} (${active.status.replace('_', ' ')})`;
  return { action: 'skip', reason };
}
