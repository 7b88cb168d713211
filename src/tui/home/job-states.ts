import type { RunStatus } from '../../core/model/run-record.ts';
import { sentence } from '../ui/text/sentence.ts';
import type { StyleName } from '../ui/theme.ts';

/** What a job is at a glance: one word, the same in the table, the header, the filter and the help. */
export type JobDisplayState = (typeof JOB_STATES)[number];

/** All of them, what needs somebody first: the order in which the table sorts them and the header counts them. */
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

/** Each state in a sentence, for the help. */
export const STATE_MEANINGS: Readonly<Record<JobDisplayState, string>> = {
  invalid: 'the job file cannot be used; it is never run',
  failed: 'the last run failed, ran out of time or was abandoned',
  paused: 'failed so often in a row that it waits for somebody',
  retrying: 'an attempt failed and the next one is due later',
  running: 'a run is under way',
  queued: 'a run waits for a slot',
  cancelled: 'the last run was called off',
  ok: 'the last run succeeded',
  new: 'it has never run',
  disabled: 'somebody switched it off',
};

/** The same as a sentence of its own. */
export function describeStateMeaning(state: JobDisplayState): string {
  return sentence(STATE_MEANINGS[state]);
}

/** Other words by which people may ask for a state. */
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
  /** The statuses of its runs that are not over. */
  active: readonly RunStatus[];
  /** How its last run ended that was carried out; `null` when none was. */
  last: RunStatus | null;
}

/** What happens now goes before what was decided of a job, and that before how it has been faring. */
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

/** 0 for what needs somebody most. */
export function stateRank(state: JobDisplayState): number {
  return JOB_STATES.indexOf(state);
}

/** What a job or a run can be: the icon is one cell wide, and beside it always stands the word. */
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
