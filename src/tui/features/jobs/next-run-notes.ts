import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import { type PreviewNote, previewSchedule } from '../../../core/schedule/preview.ts';
import type { JobRow } from '../../home/job-row.ts';
import { memoize } from '../../ui/memoize.ts';

const NONE: readonly PreviewNote[] = [];
/**
 * Where a job's next run differs from what its schedule says: a change of the clocks, a short month, a stagger. Asked for
 * rows that are seen.
 */
export const nextRunNotes = memoize((row: JobRow): readonly PreviewNote[] => {
  const { definition, nextRun, id } = row;
  if (definition === null || nextRun === null) return NONE;
  const { schedule, stagger, jitter } = definition;
  return previewSchedule(JobSchedule.fromDict(schedule), {
    count: 1,
    from: new Date(nextRun - 1),
    spread: { jobId: id, stagger, jitter },
  }).notes;
});

/** Whether the next run is not when its schedule says. */
export function isMoved(row: JobRow): boolean {
  return nextRunNotes(row).some(isOfOccurrence);
}

/** Whether a note is about the occurrence at its instant: not about all of them, nor about one that there is not. */
export function isOfOccurrence({ kind }: Pick<PreviewNote, 'kind'>): boolean {
  return kind !== 'staggered' && kind !== 'skipped';
}
