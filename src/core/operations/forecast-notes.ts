import * as z from 'zod';
import { once } from '../lib/once.ts';
import { zoneOffset } from '../schedule/engine/instant.ts';
import { findOffsetTransitions } from '../schedule/engine/zone-offsets.ts';
import type { ForecastOccurrence } from '../schedule/forecast.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { type PreviewNote, previewSchedule } from '../schedule/preview.ts';
import { describeSpread } from '../schedule/start-delay.ts';
import type { ForecastJob } from '../schedule/start-forecast.ts';
import { formatInstantOrNull } from './format-instants.ts';

const DAY = 86_400_000;

export const forecastNoteOutput = once(() =>
  z.object({
    kind: z.enum(['shifted', 'skipped', 'doubled', 'clamped', 'staggered']),
    text: z.string(),
  }),
);

export type ForecastNote = z.output<ReturnType<typeof forecastNoteOutput>>;

/**
 * The notes that a preview of each job would give for these occurrences, and the occurrences that it skips between
 * them.
 */
export function forecastNotes(occurrences: readonly ForecastOccurrence[], from: number) {
  const notesByJob = new Map<string, PreviewNote[]>();
  const skipped: { job_id: string; at: string; text: string }[] = [];
  for (const [job, { count, last }] of countByJob(occurrences)) {
    if (!canHaveNotes(job, from, last)) continue;
    const start = new Date(Math.max(from, job.after));
    const { notes } = previewSchedule(JobSchedule.fromDict(job.rule), { from: start, count });
    notesByJob.set(job.jobId, notes);
    for (const { at, text } of notes.filter(({ kind }) => kind === 'skipped')) {
      skipped.push({ job_id: job.jobId, at: formatInstantOrNull(at, job.rule.timezone) ?? '', text });
    }
  }
  const notes = (job: ForecastJob, at: number, jitter: number): ForecastNote[] => {
    const spread = describeSpread({ jobId: job.jobId, stagger: job.stagger, jitter });
    const jobNotes = (notesByJob.get(job.jobId) ?? []).filter(
      (note) => note.kind !== 'skipped' && note.at.getTime() === at,
    );
    return [
      ...jobNotes.map(({ kind, text }) => ({ kind, text })),
      ...(spread === undefined ? [] : [{ kind: 'staggered' as const, text: spread }]),
    ];
  };
  return { notes, skipped };
}

function countByJob(
  occurrences: readonly ForecastOccurrence[],
): Map<ForecastJob, { count: number; last: number }> {
  const found = new Map<ForecastJob, { count: number; last: number }>();
  for (const { job, at } of occurrences) {
    found.set(job, { count: (found.get(job)?.count ?? 0) + 1, last: at });
  }
  return found;
}

/** Whether a preview can have notes: most jobs of a forecast meet no clock change. */
function canHaveNotes({ rule }: ForecastJob, from: number, last: number): boolean {
  if (rule.type === 'monthly' && rule.day_of_month > 28) return true;
  return findOffsetTransitions(from - DAY, last + DAY, rule.timezone, zoneOffset).length > 0;
}
