import type { QuickscrapeDatabase } from '../database/database.ts';
import { findLeaseHolder } from '../lease/holder.ts';
import { getHint } from '../lib/hints.ts';
import type { ValidJob } from '../model/job-record.ts';

/**
 * What whoever makes, changes or runs a job has to know: that nobody is there to start it at its times. Empty when
 * somebody is, and for a job that would not start anyway.
 */
export function schedulerWarnings(
  db: QuickscrapeDatabase,
  { record, state }: Pick<ValidJob, 'record' | 'state'>,
): string[] {
  if (!record.definition.enabled || state.pausedAt !== null || state.nextRun === null) return [];
  const holder = findLeaseHolder(db);
  if (holder?.stopRequested === null) return [];
  const what = holder === undefined ? 'No scheduler runs' : 'The scheduler is stopping';
  return [`${what}, so job ${record.id} does not start at its times: ${getHint('start_scheduler')}`];
}
