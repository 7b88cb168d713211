import type { RunStatus } from '../model/run-record.ts';

/** A job's displayed state: one word, the same in the table, the header, the filter and the help. */
export type JobDisplayState = (typeof JOB_STATES)[number];

/** All states, those that need attention first. The table sorts by this order, and the header counts in it. */
export const JOB_STATES = [
  'invalid',
  'failed',
  'paused',
  'retrying',
  'running',
  'queued',
  'cancelled',
  'ok',
  'new',
  'disabled',
] as const;

/** Alternative words for states in the filter. */
export const STATE_ALIASES: Readonly<Record<string, readonly JobDisplayState[]>> = {
  active: ['running', 'queued', 'retrying'],
  bad: ['invalid', 'failed', 'paused'],
  completed: ['ok'],
  error: ['invalid', 'failed'],
  never: ['new'],
  pending: ['queued'],
  succeeded: ['ok'],
  waiting: ['queued', 'retrying'],
};

export interface StateFacts {
  usable: boolean;
  enabled: boolean;
  paused: boolean;
  /** The statuses of its active runs. */
  active: readonly RunStatus[];
  /** The outcome of its last executed run; `null` when there is none. */
  last: RunStatus | null;
}

/** Selects the state: active runs come first, then decisions about the job, then the last outcome. */
export function jobStateOf({ usable, enabled, paused, active, last }: StateFacts): JobDisplayState {
  if (!usable) return 'invalid';
  if (active.includes('running')) return 'running';
  if (active.includes('queued')) return 'queued';
  if (active.includes('waiting_retry')) return 'retrying';
  if (!enabled) return 'disabled';
  if (paused) return 'paused';
  if (last === null) return 'new';
  if (last === 'succeeded') return 'ok';
  return last === 'cancelled' ? 'cancelled' : 'failed';
}

/** The rank of a state; 0 needs the most attention. */
export function stateRank(state: JobDisplayState): number {
  return JOB_STATES.indexOf(state);
}
