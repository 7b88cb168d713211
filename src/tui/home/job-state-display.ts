import type { JobDisplayState } from '../../core/jobs/job-display-state.ts';
import { sentence } from '../../core/lib/text.ts';
import type { RunStatus } from '../../core/model/run-record.ts';
import type { StyleName } from '../ui/theme.ts';

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
