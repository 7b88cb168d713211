import { sentence } from '../../core/lib/text.ts';
import type { RunStatus } from '../../core/model/run-record.ts';
import type { StyleName } from '../ui/theme.ts';

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

/** The meaning of each state, for the help. */
export const STATE_MEANINGS: Readonly<Record<JobDisplayState, string>> = {
  invalid: 'the job file cannot be used; it is never run',
  failed: 'the last run failed, ran out of time or was abandoned',
  paused: 'failed too often in a row; it waits until you resume it',
  retrying: 'an attempt failed and the next one is due later',
  running: 'a run is active',
  queued: 'a run waits for a slot',
  cancelled: 'the last run was cancelled',
  ok: 'the last run succeeded',
  new: 'it has never run',
  disabled: 'does not run by its schedule until you enable it',
};

/** Returns the same as a full sentence. */
export function describeStateMeaning(state: JobDisplayState): string {
  return sentence(STATE_MEANINGS[state]);
}

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

/** The display of each status of a job or a run. The icon is one cell wide, and the word always stands beside it. */
export const STATUS_DISPLAY = {
  invalid: { icon: '!', word: 'invalid', style: 'bad' },
  failed: { icon: '✗', word: 'failed', style: 'bad' },
  timed_out: { icon: '⊘', word: 'timed out', style: 'bad' },
  abandoned: { icon: '?', word: 'abandoned', style: 'bad' },
  paused: { icon: '‖', word: 'paused', style: 'warning' },
  retrying: { icon: '↻', word: 'retrying', style: 'warning' },
  waiting_retry: { icon: '↻', word: 'retrying', style: 'warning' },
  running: { icon: '●', word: 'running', style: 'running' },
  queued: { icon: '○', word: 'queued', style: 'waiting' },
  cancelled: { icon: '⊗', word: 'cancelled', style: 'warning' },
  skipped: { icon: '↷', word: 'skipped', style: 'faint' },
  missed: { icon: '∅', word: 'missed', style: 'warning' },
  ok: { icon: '✓', word: 'ok', style: 'good' },
  succeeded: { icon: '✓', word: 'ok', style: 'good' },
  new: { icon: '·', word: 'new', style: 'plain' },
  disabled: { icon: '–', word: 'disabled', style: 'faint' },
} satisfies Record<JobDisplayState | RunStatus, { icon: string; word: string; style: StyleName }>;
