import { pluralize } from '../../../core/lib/text.ts';
import { hasFailed } from '../../../core/runs/last-run.ts';
import { formatClockTime, formatTimeRange } from '../../ui/format.ts';
import { BLANK, type StyledRow, type StyledSpan, styledRow, wrappedRows } from '../../ui/styled-row.ts';
import {
  type ChartRoom,
  chartRows,
  type Drawing,
  labelCellsOf,
  plotColumns,
  sideBySide,
  timeRow,
} from './chart-rows.ts';
import type { JobFigures } from './job-figures.ts';

export interface ChartsArea {
  readonly columns: number;
  /** The rows to fill; charts that need more are drawn below. */
  readonly rows: number;
  /** How many charts stand side by side. */
  readonly across: 1 | 2;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly timezone: string;
}

/** From this width on, two charts can stand side by side. */
const TWO_CHARTS_FROM = 72;
/** Below this width they are squeezed, which only a low pane needs. */
const TWO_WIDE_CHARTS_FROM = 100;
const HIGH_FROM = 30;
const GAP = 3;
const MIN_PLOT_ROWS = 3;
const MAX_PLOT_ROWS = 20;
/** How many failed runs are named to a screen reader. */
const MAX_NAMED = 5;

/** How many charts stand side by side in a pane. */
export function chartsAcross(columns: number, rows: number): 1 | 2 {
  return columns >= (rows >= HIGH_FROM ? TWO_WIDE_CHARTS_FROM : TWO_CHARTS_FROM) ? 2 : 1;
}

/** As many runs as the charts of this width can tell apart. */
export function shownRuns(
  { columns, across }: Pick<ChartsArea, 'columns' | 'across'>,
  drawing: Drawing,
): number {
  const width = plotColumns({ columns: chartColumns(columns, across), labelCells: 8 });
  return Math.max(2, drawing.signs === 'braille' ? 2 * width : width);
}

/** The charts of a job's runs: how many succeeded, then a chart of each figure. */
export function jobChartRows(figures: JobFigures, area: ChartsArea, drawing: Drawing): StyledRow[] {
  const { columns, across, now, timezone } = area;
  const { runs, series } = figures;
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined)
    return [styledRow(columns, { text: 'No run of the job has ended yet.', style: 'faint' })];
  const instantOf = ({ started_at, queued_at }: typeof first) => Date.parse(started_at ?? queued_at);
  const timeOf = (run: typeof first) => formatClockTime(instantOf(run), now, timezone);
  const [from, until] = formatTimeRange(instantOf(first), instantOf(last), now, timezone);
  const head = [successRow(figures, columns), ...outcomeRows(figures, columns, drawing)];
  if (drawing.isSpoken)
    return [
      ...head,
      ...series.flatMap((one) => chartRows(one, { columns, plotRows: 1, labelCells: 0, marks: [] }, drawing)),
      styledRow(columns, { text: `From ${from} to ${until}`, style: 'plain' }),
      ...failureRows(figures, columns, timeOf),
    ];
  const marks = figures.failed === 0 ? [] : runs.map((run) => (hasFailed(run) ? '✗' : null));
  const bands = Math.ceil(series.length / across);
  const spare = area.rows - head.length - 1;
  const perBand = Math.floor(spare / bands) - 1 - (marks.length === 0 ? 0 : 1);
  const room: ChartRoom = {
    columns: chartColumns(columns, across),
    plotRows: Math.max(MIN_PLOT_ROWS, Math.min(MAX_PLOT_ROWS, perBand)),
    labelCells: labelCellsOf(series),
    marks,
  };
  const times = [timeRow(from, until, room)];
  const beside = (one: readonly StyledRow[], other: readonly StyledRow[]) =>
    sideBySide(one, other, room.columns + GAP);
  const charts = series.map((one) => chartRows(one, room, drawing));
  if (across === 1) return [...head, ...charts.flat(), ...times];
  const pairs = Array.from({ length: bands }, (_, band) =>
    beside(charts[2 * band] ?? [], charts[2 * band + 1] ?? []),
  );
  return [...head, ...pairs.flat(), ...beside(times, times)];
}

function chartColumns(columns: number, across: 1 | 2): number {
  return across === 1 ? columns : Math.floor((columns - GAP) / 2);
}

function successRow({ runs, succeeded, failed, successRate }: JobFigures, columns: number): StyledRow {
  const others = runs.length - succeeded - failed;
  const parts = [
    pluralize(runs.length, 'run'),
    `${succeeded} succeeded`,
    `${failed} failed`,
    ...(others === 0 ? [] : [`${others} cancelled`]),
  ];
  return styledRow(
    columns,
    { text: 'Success', style: 'heading' },
    { text: `  ${formatRate(successRate)}`, style: failed === 0 ? 'good' : 'warning' },
    { text: ` · ${parts.join(' · ')}`, style: 'plain' },
  );
}

/** `97%`; `99.6%` where a rounded figure would hide the failures. */
export function formatRate(rate: number | null): string {
  if (rate === null) return 'no run';
  const percent = Math.round(rate * 100);
  return (percent === 100 && rate < 1) || (percent === 0 && rate > 0)
    ? `${(rate * 100).toFixed(1)}%`
    : `${percent}%`;
}

/** A sign for each of the newest runs, as many as fit, the oldest first. */
function outcomeRows({ runs }: JobFigures, columns: number, { isSpoken }: Drawing): StyledRow[] {
  if (isSpoken) return [];
  const spans = runs.slice(-columns).map((run): StyledSpan => {
    if (hasFailed(run)) return { text: '✗', style: 'bad' };
    return run.status === 'succeeded' ? { text: '✓', style: 'good' } : { text: '⊘', style: 'faint' };
  });
  return spans.length === 0 ? [BLANK] : [styledRow(columns, ...joinEqual(spans))];
}

/** Joins neighbours of one style, so that a row of many signs has few parts. */
function joinEqual(spans: readonly StyledSpan[]): StyledSpan[] {
  const joined: StyledSpan[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last !== undefined && last.style === span.style)
      joined[joined.length - 1] = { style: last.style, text: `${last.text}${span.text}` };
    else joined.push(span);
  }
  return joined;
}

function failureRows(
  { runs, failed }: JobFigures,
  columns: number,
  timeOf: (run: JobFigures['runs'][number]) => string,
): StyledRow[] {
  if (failed === 0) return [];
  const named = runs.filter(hasFailed).reverse().slice(0, MAX_NAMED);
  const texts = named.map((run) => `${run.run_id} at ${timeOf(run)}`);
  const more = failed - named.length;
  const text = `Failed: ${texts.join(', ')}${more === 0 ? '' : ` and ${more} earlier`}`;
  return wrappedRows(text, columns, 'bad');
}
