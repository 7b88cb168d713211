import type { ActiveRun } from '../../home/active-run.ts';
import { describeAuthor, toAuthor } from '../../home/author.ts';
import type { JobRow } from '../../home/job-row.ts';
import {
  formatProgress,
  type ProgressSample,
  progressBar,
  progressShare,
  runSpeed,
  withSample,
} from '../../ui/run-progress.ts';
import { labeledRow, styledRow } from '../../ui/styled-row.ts';
import { formatClockTime } from '../../ui/time/format-date-time.ts';
import type { DetailSection, JobDetail } from './model.ts';

const BAR_CELLS = 40;

/** The progress of the active run: its position, its rate and the estimated remaining time. */
export const progressRows: DetailSection = ({ row, samples, columns, now, timezone }) => {
  const run = findRunningRun(row);
  if (run === undefined) return [];
  const sample = toSample(run, now);
  const share = progressShare(sample);
  const percent = share === null ? '' : ` ${Math.floor(share * 100)}%`;
  const bar = progressBar(share, Math.max(5, Math.min(BAR_CELLS, columns - 5)));
  const who = describeAuthor(toAuthor(run.requestedBy));
  const attempt = run.maxAttempts > 1 ? `attempt ${Math.max(1, run.attempt)} of ${run.maxAttempts}, ` : '';
  const since = run.startedAt === null ? '' : `since ${formatClockTime(run.startedAt, now, timezone)}`;
  return [
    styledRow(columns, { text: `${bar}${percent}`, style: 'running' }),
    styledRow(columns, { text: (at) => formatProgress(sample, runSpeed(samples, at)), style: 'plain' }),
    labeledRow(
      'Run',
      columns,
      { text: run.runId, style: 'plain' },
      { text: `  ${attempt}${since}${who === '' ? '' : `, by ${who}`}`, style: 'faint' },
    ),
    ...(run.cancelling ? [styledRow(columns, { text: 'It is being cancelled.', style: 'warning' })] : []),
  ];
};

/** The run that is executing now. */
export function findRunningRun({ active }: Pick<JobRow, 'active'>): ActiveRun | undefined {
  return active.find(({ status }) => status === 'running');
}

/** The progress samples of a run. Without earlier samples they start at the beginning of the run. */
export function progressSamples(
  run: ActiveRun | undefined,
  { runId, samples }: Pick<JobDetail, 'runId' | 'samples'>,
  at: number,
): readonly ProgressSample[] {
  if (run === undefined) return [];
  const startedAt: readonly ProgressSample[] =
    run.startedAt === null ? [] : [{ at: run.startedAt, pages: 0, items: 0, totalPages: run.totalPages }];
  return withSample(runId === run.runId ? samples : startedAt, toSample(run, at));
}

function toSample({ pages, items, totalPages }: ActiveRun, at: number): ProgressSample {
  return { at, pages, items, totalPages };
}
