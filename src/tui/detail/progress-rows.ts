import { authorWords, toAuthor } from '../home/author-words.ts';
import type { JobRow } from '../home/job-row.ts';
import type { RunUnderWay } from '../home/run-under-way.ts';
import { labelled, rowOf } from '../look-row.ts';
import {
  type ProgressSample,
  progressBar,
  progressWords,
  shareOf,
  speedOf,
  withSample,
} from '../spark/progress.ts';
import { clockWords } from '../time/clock-words.ts';
import type { DetailSection } from './detail-rows.ts';
import type { JobDetail } from './job-detail.ts';

const BAR_CELLS = 40;

/** How far the run under way has come, how fast it goes and how long that takes. */
export const progressRows: DetailSection = ({ row, samples, columns, now, timezone }) => {
  const run = runningOf(row);
  if (run === undefined) return [];
  const sample = sampleOf(run, now);
  const share = shareOf(sample);
  const percent = share === null ? '' : ` ${Math.floor(share * 100)}%`;
  const bar = progressBar(share, Math.max(5, Math.min(BAR_CELLS, columns - 5)));
  const who = authorWords(toAuthor(run.requestedBy));
  const attempt = run.maxAttempts > 1 ? `attempt ${Math.max(1, run.attempt)} of ${run.maxAttempts}, ` : '';
  const since = run.startedAt === null ? '' : `since ${clockWords(run.startedAt, now, timezone)}`;
  return [
    rowOf(columns, { text: `${bar}${percent}`, look: 'running' }),
    rowOf(columns, { text: (at) => progressWords(sample, speedOf(samples, at)), look: 'plain' }),
    labelled(
      'Run',
      columns,
      { text: run.runId, look: 'plain' },
      { text: `  ${attempt}${since}${who === '' ? '' : `, by ${who}`}`, look: 'faint' },
    ),
    ...(run.cancelling ? [rowOf(columns, { text: 'It is being cancelled.', look: 'warning' })] : []),
  ];
};

/** The run that is carried out now. */
export function runningOf({ active }: Pick<JobRow, 'active'>): RunUnderWay | undefined {
  return active.find(({ status }) => status === 'running');
}

/** How far a run had come when; from its beginning on as long as nothing else is known. */
export function samplesOf(
  run: RunUnderWay | undefined,
  { runId, samples }: Pick<JobDetail, 'runId' | 'samples'>,
  at: number,
): readonly ProgressSample[] {
  if (run === undefined) return [];
  const begun: readonly ProgressSample[] =
    run.startedAt === null ? [] : [{ at: run.startedAt, pages: 0, items: 0, totalPages: run.totalPages }];
  return withSample(runId === run.runId ? samples : begun, sampleOf(run, at));
}

function sampleOf({ pages, items, totalPages }: RunUnderWay, at: number): ProgressSample {
  return { at, pages, items, totalPages };
}
