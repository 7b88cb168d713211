import { formatBytes } from '../../../core/lib/format-bytes.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { hasFailed, isExecuted } from '../../../core/runs/last-run.ts';
import { formatExactDuration, formatRunDuration } from '../../ui/format.ts';
import { type FieldMedians, medianSeries, runsPerBar } from './field-medians.ts';
import type { Series } from './series.ts';

/** The figures of a job's runs; all lists are the oldest first. */
export interface JobFigures {
  readonly runs: readonly RunOutput[];
  readonly succeeded: number;
  /** Failed, timed out or abandoned. */
  readonly failed: number;
  /** Of the runs that succeeded or failed, from 0 to 1; `null` without one. */
  readonly successRate: number | null;
  /** Of the runs that succeeded: a run that fails early is no measure of a page or a site. */
  readonly series: readonly (Series & { readonly key: SeriesKey | `median:${string}` })[];
}

export type SeriesKey = 'items' | 'duration_ms' | 'bytes' | 'ms_per_page';

/** What is drawn of runs. Response times are not kept; the time of a page is the nearest that is. */
const DRAWN: readonly (Omit<Series, 'values'> & { key: SeriesKey; of(run: RunOutput): number | null })[] = [
  {
    key: 'items',
    name: 'Items',
    isCount: true,
    of: ({ items }) => items,
    format: (count) => count.toLocaleString('en-US'),
  },
  { key: 'duration_ms', name: 'Duration', of: ({ duration_ms }) => duration_ms, format: formatTime },
  {
    key: 'bytes',
    name: 'Bytes',
    of: ({ bytes }) => bytes,
    format: (bytes, more = 0) => formatBytes(Math.round(bytes), 1 + more),
  },
  {
    key: 'ms_per_page',
    name: 'Time per page',
    about: ['duration by pages'],
    of: ({ duration_ms, pages }) => (duration_ms === null || pages === 0 ? null : duration_ms / pages),
    format: formatTime,
  },
];

function formatTime(ms: number, more = 0): string {
  return more === 0 ? formatRunDuration(ms) : formatExactDuration(ms, 1 + more);
}

/**
 * Collects the figures of the newest executed runs of a job.
 * @param listed newest first, as `list_runs` has them
 * @param max as many runs at most
 * @param medians of fields, to be drawn, too
 */
export function jobFigures(
  listed: readonly RunOutput[],
  max = Number.POSITIVE_INFINITY,
  medians: FieldMedians = {},
): JobFigures {
  const runs = listed
    .filter((run) => isExecuted(run) && run.finished_at !== null)
    .slice(0, max)
    .reverse();
  const succeeded = runs.filter(({ status }) => status === 'succeeded').length;
  const failed = runs.filter(hasFailed).length;
  return {
    runs,
    succeeded,
    failed,
    successRate: succeeded + failed === 0 ? null : succeeded / (succeeded + failed),
    series: [
      ...DRAWN.map(({ of, ...drawn }) => ({
        ...drawn,
        perBar: runsPerBar,
        values: runs.map((run) => (run.status === 'succeeded' ? of(run) : null)),
      })),
      ...medianSeries(runs, medians),
    ],
  };
}
