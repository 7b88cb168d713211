import { HOUR_MS } from '../../../core/lib/clock.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { wallClock } from '../../../core/schedule/engine/instant.ts';
import { type ChartSigns, drawChart, markRow } from '../../ui/chart.ts';
import { hourAndMinute } from '../../ui/format.ts';
import {
  BLANK,
  rowCells,
  type StyledRow,
  type StyledSpan,
  styledRow,
  wrappedRows,
} from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { Series, Summary } from './series.ts';
import { summarize } from './series.ts';

/** How the charts of a view are drawn. */
export interface Drawing {
  readonly signs: ChartSigns;
  /** For a screen reader: figures in words, no picture. */
  readonly isSpoken: boolean;
}

/** The room of a chart, with what stands below it. */
export interface ChartRoom {
  readonly columns: number;
  /** The rows of the chart itself, without its title. */
  readonly plotRows: number;
  /** The cells of the values at the axis. */
  readonly labelCells: number;
  /** A sign for each value, or none; empty: there is no row for them. */
  readonly marks: readonly (string | null)[];
}

/** The cells between the values at the axis and the chart. */
export const AXIS_CELLS = 2;
/** A chart is at least this wide. */
const MIN_PLOT_COLUMNS = 4;

export function plotColumns({ columns, labelCells }: Pick<ChartRoom, 'columns' | 'labelCells'>): number {
  return Math.max(MIN_PLOT_COLUMNS, columns - labelCells - AXIS_CELLS);
}

/** The cells of the longest value at the axes of some charts, so that all begin in the same column. */
export function labelCellsOf(all: readonly Series[]): number {
  return all.reduce((cells, { values, format, axis }) => {
    const summary = summarize(values);
    if (summary === undefined) return cells;
    const ends = [summary.lowest, summary.highest, ...(axis === undefined ? [] : [axis.from, axis.to])];
    return Math.max(cells, ...ends.map((end) => displayWidth(format(end))));
  }, 1);
}

/** A chart with its title and the figures of its values: `plotRows` and 1 rows, and one for the marks. */
export function chartRows(series: Series, room: ChartRoom, { signs, isSpoken }: Drawing): StyledRow[] {
  const { columns, plotRows, labelCells, marks } = room;
  const summary = summarize(series.values);
  if (isSpoken) return spokenRows(series, summary, columns);
  const width = plotColumns(room);
  const chart = drawChart(series.values, { columns: width, rows: plotRows, signs, scale: series.axis });
  const isFlat = chart !== undefined && chart.lowest === chart.highest;
  const labelOf = (row: number): string => {
    if (chart === undefined) return '';
    // A single value stands beside its line, in the middle.
    if (isFlat)
      return row === plotRows - 1 - Math.floor((plotRows - 1) / 2) ? series.format(chart.lowest) : '';
    if (row === 0) return series.format(chart.highest);
    return row === plotRows - 1 ? series.format(chart.lowest) : '';
  };
  return [
    titleRow(series, summary, columns),
    ...Array.from({ length: plotRows }, (_, row) => {
      const label = labelOf(row);
      return styledRow(
        columns,
        { text: `${fitTo(label, labelCells, 'right')} ${label === '' ? '│' : '┤'}`, style: 'faint' },
        { text: chart?.rows[row] ?? '', style: 'accent' },
      );
    }),
    ...(marks.length === 0
      ? []
      : [
          styledRow(
            columns,
            { text: ' '.repeat(labelCells + AXIS_CELLS), style: 'plain' },
            { text: markRow(marks, width), style: 'bad' },
          ),
        ]),
  ];
}

function titleRow(series: Series, summary: Summary | undefined, columns: number): StyledRow {
  const { name, about, format } = series;
  const last = summary === undefined ? 'no value' : `last ${format(summary.last)}`;
  const middle = summary === undefined ? '' : ` · median ${format(summary.median)}`;
  const isCut = displayWidth(`${name}  ${last}${middle}`) > columns;
  const spans: StyledSpan[] = [
    { text: name, style: 'heading' },
    { text: `  ${last}${isCut ? '' : middle}`, style: 'plain' },
  ];
  const row = styledRow(columns, ...spans);
  const note = about === undefined ? '' : ` · ${about}`;
  return rowCells(row) + displayWidth(note) > columns
    ? row
    : styledRow(columns, ...spans, { text: note, style: 'faint' });
}

/** Not cut: a screen reader has no other place for what is missing. */
function spokenRows(
  { name, about, format }: Series,
  summary: Summary | undefined,
  columns: number,
): StyledRow[] {
  const title = about === undefined ? name : `${name} (${about})`;
  if (summary === undefined) return wrappedRows(`${title}: no value`, columns);
  const { last, median, lowest, highest } = summary;
  const text = `${title}: last ${format(last)}, median ${format(median)}, lowest ${format(lowest)}, highest ${format(highest)}`;
  return wrappedRows(text, columns);
}

/** The instants of the first and the last value, below their chart. */
export function timeRow(from: string, until: string, room: ChartRoom): StyledRow {
  const width = plotColumns(room);
  const gap = width - displayWidth(from) - displayWidth(until);
  const text = gap < 1 ? fitTo(until, width, 'right') : `${from}${' '.repeat(gap)}${until}`;
  return styledRow(room.columns, {
    text: `${' '.repeat(room.labelCells + AXIS_CELLS)}${text}`,
    style: 'faint',
  });
}

/** The hours between two labels below a chart. */
const HOUR_STEPS = [1, 2, 3, 4, 6, 12];
const HOUR_CELLS = 5;
/** Blank cells between two labels, at least. */
const HOUR_GAP = 4;
const NOW = 'now';

/** Whole hours below a chart whose last value is of now, each where the hour begins. */
export function hourRow(
  { from, step }: { from: number; step: number },
  { steps, timezone }: { steps: number; timezone: string },
  room: ChartRoom,
): StyledRow {
  const width = plotColumns(room);
  const cellsAnHour = (width * HOUR_MS) / (steps * step);
  const every = HOUR_STEPS.find((hours) => hours * cellsAnHour >= HOUR_CELLS + HOUR_GAP) ?? 24;
  let text = '';
  for (let index = 0; index < steps; index += 1) {
    const wall = wallClock(from + index * step, timezone);
    const column = Math.floor((index * width) / steps);
    if (wall.minute !== 0 || wall.hour % every !== 0 || column < text.length + (text === '' ? 0 : 1))
      continue;
    if (column + HOUR_CELLS + 1 + NOW.length > width) break;
    text = text.padEnd(column) + hourAndMinute(wall);
  }
  return styledRow(room.columns, {
    text: ' '.repeat(room.labelCells + AXIS_CELLS) + text.padEnd(Math.max(0, width - NOW.length)) + NOW,
    style: 'faint',
  });
}

/** Places rows side by side, the right ones from a column on. */
export function sideBySide(
  left: readonly StyledRow[],
  right: readonly StyledRow[],
  column: number,
): StyledRow[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) => {
    const [one = BLANK, other] = [left[at], right[at]];
    if (other === undefined || other.spans.length === 0) return one;
    const gap: StyledSpan = { text: ' '.repeat(Math.max(0, column - rowCells(one))), style: 'plain' };
    return { spans: [...one.spans, gap, ...other.spans] };
  });
}
