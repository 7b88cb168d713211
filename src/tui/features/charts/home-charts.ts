import { pluralize } from '../../../core/lib/text.ts';
import { formatShortCount, formatShortDuration } from '../../ui/format.ts';
import { type StyledRow, styledRow } from '../../ui/styled-row.ts';
import { type ChartRoom, chartRows, type Drawing, hourRow, labelCellsOf, sideBySide } from './chart-rows.ts';
import type { HomeFigures } from './home-figures.ts';
import {
  busyTable,
  failingTable,
  type HomeTable,
  hostTable,
  longestTable,
  moreHosts,
  spokenTables,
  tableRows,
} from './home-tables.ts';
import { type ChartsArea, failedCount, formatRate } from './job-charts.ts';
import { axisFromZero, type Series } from './series.ts';

const GAP = 3;
const MIN_PLOT_ROWS = 3;
const MAX_PLOT_ROWS = 30;
/** More hosts stand below everything else. */
const MAX_HOSTS_ABOVE = 6;
/** From this width on, two tables stand side by side. */
const TWO_TABLES_FROM = 100;
/** What a value of a chart is of. */
const BY_STEP = 'by half hour';
/** At least this many rows are left to many hosts, with their title; on a tall screen a third of it. */
const MIN_HOST_ROWS = 6;
/** The charts have at least this share of the rows; what the tables then lack is scrolled to. */
const CHART_SHARE = 0.5;
/** The blank row above a table, and its title. */
const TABLE_HEAD_ROWS = 2;

interface HomeArea extends ChartsArea {
  readonly slots: number | undefined;
}

/**
 * The charts of a home: runs at once and by half hour, items, success; then what failed, how busy runs were with each
 * host, the busiest jobs and the longest runs.
 */
export function homeChartRows(figures: HomeFigures, area: HomeArea, drawing: Drawing): StyledRow[] {
  const { columns } = area;
  const { period } = figures;
  const steps = Math.min(period.steps, Math.floor((period.now - period.from) / period.step) + 1);
  const head = headRow(figures, columns, drawing);
  const series = homeSeries(figures, { steps, slots: area.slots });
  const hosts = hostTable(figures, steps, drawing);
  const others = [busyTable(figures), longestTable(figures, area)];
  const failing = figures.failing.length === 0 ? [] : [failingTable(figures, area)];
  if (drawing.isSpoken)
    return [
      head,
      ...series.flatMap((one) => chartRows(one, { columns, plotRows: 1, labelCells: 0, marks: [] }, drawing)),
      ...spokenTables([...failing, hosts, ...others], columns),
      ...moreHosts(figures, columns),
    ];
  const isLast = hosts.count > MAX_HOSTS_ABOVE;
  const listed = others.filter(({ count }) => count > 0);
  const bands = [
    ...failing.map((table) => [table]),
    ...(isLast ? [] : [[hosts]]),
    ...(columns >= TWO_TABLES_FROM ? [listed] : listed.map((table) => [table])),
  ].filter((band) => band.length > 0);
  const hostRows = isLast
    ? Math.min(hosts.count + TABLE_HEAD_ROWS, Math.max(MIN_HOST_ROWS, Math.floor(area.rows / 3)))
    : 0;
  const spare = area.rows - 1 - hostRows;
  const tables = tableBands(bands, columns);
  const rows = Math.max(spare - tables.length, Math.floor(spare * CHART_SHARE));
  return [
    head,
    ...drawnCharts(figures, { series, steps }, { ...area, rows }, drawing),
    ...tables,
    ...(isLast ? tableRows(hosts, columns) : []),
    ...moreHosts(figures, columns),
  ];
}

function headRow(
  { succeeded, failed, items, unstarted }: HomeFigures,
  columns: number,
  drawing: Drawing,
): StyledRow {
  const [good, bad, found] = [sum(succeeded), sum(failed), sum(items)];
  const more = [
    ...(found === 0 ? [] : [`${found.toLocaleString('en-US')} items`]),
    ...(unstarted === 0 ? [] : [`${unstarted.toLocaleString('en-US')} skipped or missed`]),
  ];
  return styledRow(
    columns,
    { text: 'Last 24 hours', style: 'heading' },
    {
      text: `  ${formatRate(good + bad === 0 ? null : good / (good + bad))}`,
      style: bad === 0 ? 'good' : 'warning',
    },
    { text: ` · ${pluralize(good + bad, 'run')} · ${good} succeeded · `, style: 'plain' },
    failedCount(bad, drawing),
    { text: more.map((text) => ` · ${text}`).join(''), style: 'faint' },
  );
}

/** The charts in order of their worth. */
function homeSeries(
  { concurrent, succeeded, failed, items, period }: HomeFigures,
  { steps, slots }: { steps: number; slots: number | undefined },
): Series[] {
  const perBar = (count: number) =>
    `up to ${formatShortDuration(count * period.step).replace(/ 00m$/, '')} a bar`;
  const began = succeeded.slice(0, steps).map((count, at) => count + (failed[at] ?? 0));
  const found = items.slice(0, steps);
  const atOnce = concurrent.slice(0, steps);
  return [
    {
      name: 'Most at once',
      about: [...(slots === undefined ? [] : [`of ${pluralize(slots, 'slot')}`]), BY_STEP],
      axis: axisFromZero(atOnce),
      isCount: true,
      perBar,
      values: atOnce,
      format: (count) => String(count),
    },
    {
      name: 'Runs',
      about: [BY_STEP],
      axis: axisFromZero(began),
      isCount: true,
      perBar,
      values: began,
      format: (count) => formatShortCount(count),
    },
    {
      name: 'Items',
      about: [BY_STEP],
      axis: axisFromZero(found),
      isCount: true,
      perBar,
      values: found,
      format: (count) => formatShortCount(count),
    },
    {
      name: 'Success',
      about: [BY_STEP],
      axis: { from: 0, to: 1 },
      showsLowest: true,
      perBar,
      values: began.map((count, at) => (count === 0 ? null : (succeeded[at] ?? 0) / count)),
      format: (rate) => formatRate(rate),
    },
  ];
}

/** The charts over the whole width, with the hours below them, in as many rows as there are. */
function drawnCharts(
  { period, failed }: HomeFigures,
  { series, steps }: { series: readonly Series[]; steps: number },
  { columns, rows, across, timezone }: HomeArea,
  drawing: Drawing,
): StyledRow[] {
  const marks = failed.slice(0, steps).map((count) => (count > 0 ? '✗' : null));
  const hasMarks = marks.some((mark) => mark !== null);
  const bands = Math.ceil(series.length / across);
  const perBand = Math.floor((rows - 1) / bands) - 1 - (hasMarks ? 1 : 0);
  const room: ChartRoom = {
    columns: across === 1 ? columns : Math.floor((columns - GAP) / 2),
    plotRows: Math.max(MIN_PLOT_ROWS, Math.min(MAX_PLOT_ROWS, perBand)),
    labelCells: labelCellsOf(series),
    marks: hasMarks ? marks : [],
  };
  const hours = [hourRow(period, { steps, timezone }, room)];
  const charts = series.map((one) => chartRows(one, room, drawing));
  if (across === 1) return [...charts.flat(), ...hours];
  const beside = (one: readonly StyledRow[], other: readonly StyledRow[]) =>
    sideBySide(one, other, room.columns + GAP);
  const drawn = Array.from({ length: bands }, (_, band) =>
    beside(charts[2 * band] ?? [], charts[2 * band + 1] ?? []),
  );
  return [...drawn.flat(), ...beside(hours, hours)];
}

/** Tables one below the other, those of a band side by side. */
function tableBands(bands: readonly (readonly HomeTable[])[], columns: number): StyledRow[] {
  return bands.flatMap(([left, right]) => {
    if (left === undefined) return [];
    if (right === undefined) return tableRows(left, columns);
    const width = Math.floor((columns - GAP) / 2);
    return sideBySide(tableRows(left, width), tableRows(right, width), width + GAP);
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
