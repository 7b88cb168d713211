import { pluralize } from '../../../core/lib/text.ts';
import { hasFailed } from '../../../core/runs/last-run.ts';
import { formatClockTime, timeFormat } from '../../ui/format.ts';
import { BLANK, type StyledRow, styledRow, type TextSpan, wrappedRows } from '../../ui/styled-row.ts';
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
const MAX_PLOT_ROWS = 30;
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
  const [oldest, newest] = [runs[0], runs.at(-1)];
  if (oldest === undefined || newest === undefined)
    return [styledRow(columns, { text: 'No run of the job has ended yet.', style: 'faint' })];
  const instantOf = ({ started_at, queued_at }: typeof oldest) => Date.parse(started_at ?? queued_at);
  const timeOf = (run: typeof oldest) => formatClockTime(instantOf(run), now, timezone);
  const format = timeFormat(instantOf(oldest), instantOf(newest), now, timezone);
  const head = successRow(figures, columns, drawing);
  if (drawing.isSpoken)
    return [
      head,
      ...series.flatMap((one) => chartRows(one, { columns, plotRows: 1, labelCells: 0, marks: [] }, drawing)),
      styledRow(columns, {
        text:
          oldest === newest
            ? `At ${format(instantOf(oldest))}`
            : `From ${format(instantOf(oldest))} to ${format(instantOf(newest))}`,
        style: 'plain',
      }),
      ...failureRows(figures, columns, timeOf),
    ];
  const marks = figures.failed === 0 ? [] : runs.map((run) => (hasFailed(run) ? '✗' : null));
  const bands = Math.ceil(series.length / across);
  const around = 1 + (marks.length === 0 ? 0 : 1);
  const spare = area.rows - 2;
  // A low pane begins with as many bands as it has room for, and the times below them: no title without its chart.
  const above = Math.max(1, Math.min(bands, Math.floor(spare / (MIN_PLOT_ROWS + around))));
  // Every row is used: what does not divide goes to the first bands.
  const perBand = (band: number) => Math.floor((spare + above - 1 - (band % above)) / above) - around;
  const common = { columns: chartColumns(columns, across), labelCells: labelCellsOf(series), marks };
  const roomOf = (band: number): ChartRoom => ({
    ...common,
    plotRows: Math.max(MIN_PLOT_ROWS, Math.min(MAX_PLOT_ROWS, perBand(band))),
  });
  const times = timeRow(runs.map(instantOf), format, roomOf(0));
  const bandRows = (band: number): StyledRow[] => {
    const room = roomOf(band);
    const charts = series
      .slice(band * across, (band + 1) * across)
      .map((one) => [
        ...chartRows(one, room, drawing),
        ...(band === above - 1 || band === bands - 1 ? [times] : []),
      ]);
    const [left = [], right] = charts;
    return right === undefined ? left : sideBySide(left, right, common.columns + GAP);
  };
  const all = Array.from({ length: bands }, (_, band) => bandRows(band));
  const first = [head, ...all.slice(0, above).flat()];
  const below = all.slice(above).flat();
  const rest = below.length === 0 ? 0 : Math.max(0, area.rows - first.length);
  return [...first, ...Array.from({ length: rest }, () => BLANK), ...below];
}

function chartColumns(columns: number, across: 1 | 2): number {
  return across === 1 ? columns : Math.floor((columns - GAP) / 2);
}

/** From this width on, the figures of the success have room for another word. */
const ROOMY_CELLS = 60;

function successRow(
  { runs, succeeded, failed, successRate }: JobFigures,
  columns: number,
  drawing: Drawing,
): StyledRow {
  const others = runs.length - succeeded - failed;
  // As many as are drawn: that they are the last ones is said where there is room for it.
  const isLast = runs.length > 1 && columns >= ROOMY_CELLS;
  const counted = `${isLast ? 'last ' : ''}${pluralize(runs.length, 'run')}`;
  return styledRow(
    columns,
    { text: 'Success', style: 'heading' },
    { text: `  ${formatRate(successRate)}`, style: failed === 0 ? 'good' : 'warning' },
    { text: ` · ${counted} · ${succeeded} succeeded · `, style: 'plain' },
    failedCount(failed, drawing),
    { text: others === 0 ? '' : ` · ${others} cancelled`, style: 'plain' },
  );
}

/** How many runs failed, with the sign that marks them below the charts. */
export function failedCount(failed: number, { isSpoken }: Drawing): TextSpan {
  const text = `${failed} failed`;
  return failed === 0 || isSpoken ? { text, style: 'plain' } : { text: `✗ ${text}`, style: 'bad' };
}

/** `97%`; `99.6%` where a rounded figure would hide the failures. */
export function formatRate(rate: number | null): string {
  if (rate === null) return 'no run';
  const percent = Math.round(rate * 100);
  return (percent === 100 && rate < 1) || (percent === 0 && rate > 0)
    ? `${(rate * 100).toFixed(1)}%`
    : `${percent}%`;
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
