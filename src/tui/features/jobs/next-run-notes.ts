import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import { type PreviewNote, previewSchedule } from '../../../core/schedule/preview.ts';
import type { JobRow } from '../../home/job-row.ts';
import { memoize } from '../../ui/memoize.ts';

const NONE: readonly PreviewNote[] = [];
/**
 * The notes about how a job's next run differs from its schedule: a clock change, a short month, a stagger. Computed
 * only for rows in sight.
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

/** Whether the next run is at another time than scheduled. */
export function isMoved(row: JobRow): boolean {
  return nextRunNotes(row).some(isOfOccurrence);
}

/**
 * Whether a note is about the occurrence at its instant. A stagger applies to all occurrences, and a skipped one does
 * not exist.
 */
export function isOfOccurrence({ kind }: Pick<PreviewNote, 'kind'>): boolean {
  return kind !== 'staggered' && kind !== 'skipped';
}
