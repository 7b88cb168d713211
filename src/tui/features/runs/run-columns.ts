import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import { CLOCK_TIME_CELLS, formatRunDuration } from '../../ui/format.ts';
import { memoize } from '../../ui/memoize.ts';
import { fitTo } from '../../ui/text/fit.ts';

/** The widths of the columns in cells, each with the gap behind it; 0 for a hidden column. */
export interface RunCells {
  readonly id: number;
  readonly status: number;
  readonly started: number;
  readonly took: number;
  /** Aligned to the right, without a gap. */
  readonly items: number;
  readonly trigger: number;
  /** Runs of this machine alone need none. On a narrow screen, the worker stands below the list. */
  readonly worker: number;
  /** The rest of the line says why the run ended as it did. */
  readonly hasWhy: boolean;
}

/** The pointer and the mark before each row. */
export const RUN_GUTTER = 2;
const GAP = 2;
const MAX_WORKER_CELLS = 16;
/** The reason keeps this room beside the worker; so the year and the seconds are left out first. */
const MIN_WHY_CELLS = 12;
/** Below these widths, there is no room for the reason, or for the id. */
const WHY_FROM = 80;
const ID_FROM = 60;

/**
 * The columns of these runs: no wider than what they hold, so that the reasons have the rest.
 * @param startedCells the longest time at which one of them started
 */
export function runColumns(
  runs: readonly RunOutput[],
  columns: number,
  startedCells = CLOCK_TIME_CELLS,
): RunCells {
  const { id, status, took, items, trigger, worker } = measureRuns(runs);
  const gap = gapOf(columns >= ID_FROM);
  const none = { trigger: 0, worker: 0, hasWhy: false };
  const times = { status: status + gap, started: CLOCK_TIME_CELLS + gap, took: took + gap };
  if (columns < ID_FROM) {
    const left = columns - RUN_GUTTER - times.status - times.started - times.took;
    return { ...times, ...none, id: 0, items: Math.max(0, left) };
  }
  if (columns < WHY_FROM) return { id: id + gap, ...times, items, ...none };
  const first = { id: id + gap, ...times, started: Math.max('STARTED'.length, startedCells) + gap, items };
  const short = { ...first, trigger: trigger + GAP, worker: 0, hasWhy: true };
  const withWorker = worker === 0 ? short : { ...short, worker: worker + GAP };
  const isNamed = columns - cellsBeforeWhy(withWorker) >= MIN_WHY_CELLS;
  return isNamed ? withWorker : short;
}

/** The width of all columns before the reason. */
export function cellsBeforeWhy({ id, status, started, took, items, trigger, worker }: RunCells): number {
  return RUN_GUTTER + id + status + started + took + items + (trigger === 0 ? 0 : GAP) + trigger + worker;
}

/** The titles of the columns. */
export function runHeading(cells: RunCells): string {
  const { id, status, started, items, trigger, worker, hasWhy } = cells;
  const text = [
    ' '.repeat(RUN_GUTTER),
    fitTo('RUN', id),
    fitTo('STATUS', status),
    fitTo('STARTED', started),
    fitTook('TOOK', cells),
    fitTo('ITEMS', items, 'right'),
  ];
  const rest = hasWhy ? [' '.repeat(GAP), fitTo('TRIGGER', trigger), fitTo('WORKER', worker), 'WHY'] : [];
  return [...text, ...rest].join('');
}

/** A duration at the right of its column, before the gap. */
export function fitTook(text: string, { id, took }: RunCells): string {
  const gap = gapOf(id > 0);
  return fitTo(text, took - gap, 'right') + ' '.repeat(gap);
}

/** A narrow screen has no ids and narrow gaps. */
function gapOf(hasId: boolean): number {
  return hasId ? GAP : 1;
}

/** What stands behind the items of a run: trigger, worker and reason. */
export function runRest(run: RunOutput, why: string, { trigger, worker, hasWhy }: RunCells): string {
  if (!hasWhy) return '';
  const where = worker === 0 ? '' : fitTo(fitTo(run.worker ?? '-', worker - GAP), worker);
  return `${' '.repeat(GAP)}${fitTo(triggerText(run), trigger)}${where}${sanitizeText(why)}`;
}

export function triggerText({ trigger }: RunOutput): string {
  return trigger.replace('_', ' ');
}

export function tookText(ms: number | null): string {
  return ms === null ? '-' : formatRunDuration(ms);
}

/** The longest text of each column in cells. */
const measureRuns = memoize((runs: readonly RunOutput[]) => {
  const widest = (title: string, of: (run: RunOutput) => string) =>
    runs.reduce((most, run) => Math.max(most, displayWidth(of(run))), title.length);
  const hasWorker = runs.some(({ worker }) => worker !== null);
  return {
    id: widest('RUN', ({ run_id }) => run_id),
    status: widest('STATUS', ({ status }) => `${STATUS_DISPLAY[status].icon} ${STATUS_DISPLAY[status].word}`),
    took: Math.max(
      MIN_TOOK_CELLS,
      widest('TOOK', ({ duration_ms }) => tookText(duration_ms)),
    ),
    items: Math.max(
      MIN_ITEMS_CELLS,
      widest('ITEMS', ({ items }) => items.toLocaleString('en-US')),
    ),
    trigger: widest('TRIGGER', triggerText),
    worker: hasWorker
      ? Math.min(
          MAX_WORKER_CELLS,
          widest('WORKER', ({ worker }) => worker ?? ''),
        )
      : 0,
  };
});

/** Room for the progress and the items of a run that begins, so that no column moves then. */
const MIN_TOOK_CELLS = 7;
const MIN_ITEMS_CELLS = 6;
