import { findLeaseHolder } from '../lease/holder.ts';
import type { ValidJob } from '../model/job-record.ts';
import type { Workspace } from '../workspace.ts';

/**
 * Warns the caller that creates, changes or runs a job when no scheduler will start it at its times. Empty when a
 * scheduler is running, and for a job that would not start anyway.
 */
export function schedulerWarnings(
  { db, formatHint }: Workspace,
  { record, state }: Pick<ValidJob, 'record' | 'state'>,
): string[] {
  if (!record.definition.enabled || state.pausedAt !== null || state.nextRun === null) return [];
  const holder = findLeaseHolder(db);
  if (holder?.stopRequested === null) return [];
  const what = holder === undefined ? 'No scheduler runs' : 'The scheduler is stopping';
  return [
    `${what}, so job ${record.id} does not start at its times: ${formatHint({ id: 'start_scheduler' })}`,
  ];
}
