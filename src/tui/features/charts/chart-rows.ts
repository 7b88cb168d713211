import { HOUR_MS } from '../../../core/lib/clock.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { wallClock } from '../../../core/schedule/engine/instant.ts';
import {
  type Chart,
  type ChartArea,
  type ChartSigns,
  cellOf,
  drawChart,
  markRow,
  rowOf,
} from '../../ui/chart.ts';
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
import type { StyleName } from '../../ui/theme.ts';
import { axisFormat, middleOf, type Series, type Summary, summarize } from './series.ts';

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
  return all.reduce((cells, series) => {
    const summary = summarize(series.values);
    if (summary === undefined) return cells;
    const { axis } = series;
    const [lowest, highest] = endsOf(summary, axis);
    const format = axisFormat(series, lowest, axis?.to ?? highest);
    const middle = middleOf(series, lowest, highest);
    const shown = [lowest, highest, axis?.to ?? highest, middle ?? lowest];
    return Math.max(cells, ...shown.map((value) => displayWidth(format(value))));
  }, 1);
}

/** The lowest and the highest of the values and the ends of an axis. */
function endsOf({ lowest, highest }: Summary, axis: Series['axis']): [number, number] {
  return [Math.min(lowest, axis?.from ?? lowest), Math.max(highest, axis?.to ?? highest)];
}

/** A value that is clipped, at its place in the row of the highest ones. */
export const CLIPPED = '▲';

/** A chart with its title and the figures of its values: `plotRows` and 1 rows, and one for the marks. */
export function chartRows(series: Series, room: ChartRoom, drawing: Drawing): StyledRow[] {
  const { columns, plotRows, labelCells, marks } = room;
  const summary = summarize(series.values);
  if (drawing.isSpoken) return spokenRows(series, summary, columns);
  const width = plotColumns(room);
  const clipped = clippedOf(series, summary, columns);
  const axis = series.axis;
  const values =
    clipped === undefined || axis === undefined
      ? series.values
      : series.values.map((value) => (value === null ? null : Math.min(value, axis.to)));
  const { showsLowest } = series;
  const area = { columns: width, rows: plotRows, signs: drawing.signs, scale: axis, showsLowest };
  const chart = drawChart(values, area);
  const labels = chart === undefined ? [] : axisLabels(series, chart, area);
  const column = clipped === undefined ? -1 : cellOf(clipped.index, values.length, width);
  return [
    titleRow(series, summary, { columns, clipped, perBar: valuesPerBar(series, width, drawing) }),
    ...Array.from({ length: plotRows }, (_, row) => {
      const label = labels[row] ?? '';
      const text = chart?.rows[row] ?? '';
      const style = chart === undefined ? 'accent' : plotStyle(chart, row);
      return styledRow(
        columns,
        { text: `${fitTo(label, labelCells, 'right')} ${label === '' ? '│' : '┤'}`, style: 'faint' },
        ...(row > 0 || column < 0
          ? [{ text: text.trimEnd(), style }]
          : [
              { text: text.slice(0, column), style },
              { text: CLIPPED, style: 'warning' as const },
              { text: text.slice(column + 1), style },
            ]),
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

/** From this many rows on, the value in the middle of an axis is said, too. */
const MIDDLE_FROM = 6;

/** The values at an axis, by row. */
function axisLabels(series: Series, chart: Chart, area: Pick<ChartArea, 'rows' | 'signs'>): string[] {
  const { lowest, highest } = chart;
  const labels = Array.from({ length: area.rows }, () => '');
  const format = axisFormat(series, lowest, highest);
  const at = (row: number, value: number) => {
    if (labels[row] === '') labels[row] = format(value);
  };
  // A single value stands beside its line, in the middle.
  if (lowest === highest) at(area.rows - 1 - Math.floor((area.rows - 1) / 2), lowest);
  else {
    at(0, highest);
    at(area.rows - 1, lowest);
    const middle = area.rows < MIDDLE_FROM ? undefined : middleOf(series, lowest, highest);
    if (middle !== undefined && !labels.includes(format(middle))) at(rowOf(middle, chart, area), middle);
  }
  return labels;
}

/** The body of a chart that begins at zero has its colour by height; a line has one. */
function plotStyle({ rows, lowest, highest }: Chart, row: number): StyleName {
  if (lowest !== 0 || highest <= 0) return 'accent';
  const third = Math.floor((3 * (rows.length - 1 - row) + 1.5) / rows.length);
  return (['bodyLow', 'bodyMiddle', 'bodyHigh'] as const)[third] ?? 'bodyHigh';
}

interface Clipped {
  /** Its place among the values; the text says how high it is. */
  readonly index: number;
  readonly text: string;
}

/** The value above the end of the axis; none where the title has no room to say it, so that it is not clipped. */
function clippedOf(series: Series, summary: Summary | undefined, columns: number): Clipped | undefined {
  const { name, values, axis, format } = series;
  if (summary === undefined || axis === undefined || summary.highest <= axis.to) return undefined;
  const index = values.indexOf(summary.highest);
  const last = `last ${format(summary.last)}`;
  const isLast = index === values.findLastIndex((value) => value !== null);
  const text = isLast ? `${last} ${CLIPPED}` : `${last} · ${CLIPPED} ${format(summary.highest)}`;
  return displayWidth(`${name}  ${text}`) <= columns ? { index, text } : undefined;
}

/** How many values a bar stands for at most: it is as high as the one that is farthest from the middle. */
function valuesPerBar({ values }: Series, width: number, { signs }: Drawing): number {
  return signs === 'blocks' ? Math.ceil(values.length / width) : 1;
}

function titleRow(
  series: Series,
  summary: Summary | undefined,
  { columns, clipped, perBar }: { columns: number; clipped: Clipped | undefined; perBar: number },
): StyledRow {
  const { name, about = [], format } = series;
  const last = summary === undefined ? 'no value' : (clipped?.text ?? `last ${format(summary.last)}`);
  const median = summary === undefined ? '' : format(summary.median);
  const bars = perBar === 1 || series.perBar === undefined ? '' : ` · ${series.perBar(perBar)}`;
  const middles = summary === undefined ? [] : [` · median ${median}`, ` · med ${median}`];
  const middle =
    [...middles.map((text) => text + bars), bars, ...middles].find(
      (text) => displayWidth(`${name}  ${last}${text}`) <= columns,
    ) ?? '';
  const spans: StyledSpan[] = [
    { text: name, style: 'heading' },
    { text: `  ${last}${middle}`, style: 'plain' },
  ];
  const notes = [...(clipped === undefined ? [] : [`${CLIPPED} is above the scale`]), ...about];
  let cells = rowCells(styledRow(columns, ...spans));
  for (const [at, note] of notes.entries()) {
    const text = `${at === 0 ? ' · ' : ', '}${note}`;
    cells += displayWidth(text);
    if (cells > columns) break;
    spans.push({ text, style: 'faint' });
  }
  return styledRow(columns, ...spans);
}

/** Not cut: a screen reader has no other place for what is missing. */
function spokenRows(series: Series, summary: Summary | undefined, columns: number): StyledRow[] {
  const { name, about = [], format } = series;
  const title = about.length === 0 ? name : `${name} (${about.join(', ')})`;
  if (summary === undefined) return wrappedRows(`${title}: no value`, columns);
  const { last, median, lowest, highest } = summary;
  const exact = axisFormat(series, lowest, highest);
  const text = `${title}: last ${format(last)}, median ${format(median)}, lowest ${exact(lowest)}, highest ${exact(highest)}`;
  return wrappedRows(text, columns);
}

/** Blank cells between two times, at least. */
const TIME_GAP = 6;
const MAX_TIMES = 5;

/** The instants of the first and the last value below their chart, and between them as many as there is room for. */
export function timeRow(
  instants: readonly number[],
  format: (at: number) => string,
  room: ChartRoom,
): StyledRow {
  const width = plotColumns(room);
  const [from, until] = [format(instants[0] ?? 0), format(instants.at(-1) ?? 0)];
  const cells = Math.max(displayWidth(from), displayWidth(until));
  const count = Math.min(MAX_TIMES, Math.floor((width + TIME_GAP) / (cells + TIME_GAP)));
  const end = width - displayWidth(until);
  let text = end > displayWidth(from) && from !== until ? from : '';
  for (let at = 1; at < count - 1; at += 1) {
    const index = Math.round((at * (instants.length - 1)) / (count - 1));
    const label = format(instants[index] ?? 0);
    const column = cellOf(index, instants.length, width) - Math.floor(displayWidth(label) / 2);
    const isFree = column >= displayWidth(text) + 2 && column + displayWidth(label) + 2 <= end;
    if (isFree && !text.endsWith(label) && label !== until) text = text.padEnd(column) + label;
  }
  return styledRow(room.columns, {
    text:
      ' '.repeat(room.labelCells + AXIS_CELLS) +
      (end < 0 ? fitTo(until, width, 'right') : text.padEnd(end) + until),
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
