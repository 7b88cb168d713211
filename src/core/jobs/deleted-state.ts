import { isJobStatus, type JobState } from '../model/job-record.ts';
import type { JobStateRow, RuntimeRow } from '../runs/run-rows.ts';

/** The key under which a deleted job's file stores its database state. No active job's file has it. */
export const STATE_WHEN_DELETED = 'state_when_deleted';

/** The state that is restored with a deleted job. */
export type DeletedState = RuntimeRow & Pick<JobStateRow, 'watermark'>;

/**
 * The extra content of a deleted job's file.
 * @param row the job's row; `undefined` when the database has never seen the job
 * @param state the row joined with the file; an edit of the file may have resumed the job
 */
export function deletedState(row: JobStateRow | undefined, state: JobState): Record<string, DeletedState> {
  if (row === undefined) return {};
  const { status, last_run, last_run_id, failures, strikes, paused_after } = row;
  const { callback_failed_at, callback_failure } = row;
  const kept = { status, last_run, last_run_id, failures, strikes, paused_at: state.pausedAt, paused_after };
  return {
    [STATE_WHEN_DELETED]: { ...kept, callback_failed_at, callback_failure, watermark: state.watermark },
  };
}

/** Reads this state; `undefined` for a file of an older version, or for a value that this program does not write. */
export function readDeletedState(text: string): DeletedState | undefined {
  const file: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
  const found = (file as Record<string, unknown>)[STATE_WHEN_DELETED];
  if (typeof found !== 'object' || found === null) return undefined;
  const state = found as Record<string, unknown>;
  const isCount = (name: string) => Number.isSafeInteger(state[name]) && Number(state[name]) >= 0;
  const isInstant = (name: string) => state[name] === null || isCount(name);
  const isText = (name: string) => state[name] === null || typeof state[name] === 'string';
  const isOurs =
    isJobStatus(state['status']) &&
    ['failures', 'strikes', 'watermark'].every(isCount) &&
    ['last_run', 'paused_at', 'paused_after', 'callback_failed_at'].every(isInstant) &&
    ['last_run_id', 'callback_failure'].every(isText);
  return isOurs ? (found as DeletedState) : undefined;
}
