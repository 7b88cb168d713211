import { pluralize } from '../../../core/lib/text.ts';
import { drawChart } from '../../ui/chart.ts';
import { formatShortCount } from '../../ui/format.ts';
import { type StyledRow, styledRow } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import {
  AXIS_CELLS,
  type ChartRoom,
  chartRows,
  type Drawing,
  hourRow,
  labelCellsOf,
  plotColumns,
  sideBySide,
} from './chart-rows.ts';
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
import { type ChartsArea, formatRate } from './job-charts.ts';
import type { Series } from './series.ts';

const GAP = 3;
const MIN_PLOT_ROWS = 3;
const MAX_PLOT_ROWS = 30;
/** With fewer rows there are two charts side by side, with more four. */
const TWO_BANDS_FROM = 28;
/** More hosts stand below everything else. */
const MAX_HOSTS_ABOVE = 6;
/** From this width on, two tables stand side by side. */
const TWO_TABLES_FROM = 100;
/** At least this many rows are left to many hosts, with their title; on a tall screen a third of it. */
const MIN_HOST_ROWS = 6;
/** The tables have at most this share of the rows. */
const TABLE_SHARE = 0.5;
/** The blank row above a table, and its title. */
const TABLE_HEAD_ROWS = 2;
/** With less, the tables stand below the charts in full, to be scrolled to. */
const MIN_TABLE_ROWS = 6;

interface HomeArea extends ChartsArea {
  readonly slots: number | undefined;
}

/**
 * The charts of a home: runs at once and by half hour, items, success; then what failed, how busy runs were with each
 * host, the busiest jobs and the longest runs.
 */
export function homeChartRows(figures: HomeFigures, area: HomeArea, drawing: Drawing): StyledRow[] {
  const { columns, across } = area;
  const { period } = figures;
  const steps = Math.min(period.steps, Math.floor((period.now - period.from) / period.step) + 1);
  const head = headRow(figures, columns);
  const series = homeSeries(figures, { steps, slots: area.slots, isSpoken: drawing.isSpoken });
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
  const tables = tableBands(bands, columns, Math.floor(spare * TABLE_SHARE));
  const drawn = across === 2 && area.rows >= TWO_BANDS_FROM ? series : series.slice(0, 2);
  return [
    head,
    ...drawnCharts(figures, { series: drawn, steps }, { ...area, rows: spare - tables.length }, drawing),
    ...tables,
    ...(isLast ? tableRows(hosts, columns, hosts.count) : []),
    ...moreHosts(figures, columns),
  ];
}

function headRow({ succeeded, failed, items, unstarted }: HomeFigures, columns: number): StyledRow {
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
    { text: ` · ${pluralize(good + bad, 'run')} · ${good} succeeded · ${bad} failed`, style: 'plain' },
    { text: more.map((text) => ` · ${text}`).join(''), style: 'faint' },
  );
}

/** The charts in order of their worth: a small screen has the first two. */
function homeSeries(
  { concurrent, succeeded, failed, items }: HomeFigures,
  { steps, slots, isSpoken }: { steps: number; slots: number | undefined; isSpoken: boolean },
): Series[] {
  const began = succeeded.slice(0, steps).map((count, at) => count + (failed[at] ?? 0));
  return [
    {
      name: 'Runs at once',
      ...(slots !== undefined && { about: `of ${pluralize(slots, 'slot')}`, axis: { from: 0, to: slots } }),
      values: concurrent.slice(0, steps),
      format: String,
    },
    {
      name: 'Runs',
      about: `by half hour${isSpoken ? '' : ', below them ✗ failed'}`,
      values: began,
      format: formatShortCount,
    },
    { name: 'Items', about: 'by half hour', values: items.slice(0, steps), format: formatShortCount },
    {
      name: 'Success',
      about: 'by half hour',
      values: began.map((count, at) => (count === 0 ? null : (succeeded[at] ?? 0) / count)),
      format: formatRate,
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
  const failures = failed.slice(0, steps).map((count) => (count > 0 ? count : null));
  const marks = failures.map((count) => (count === null ? null : '✗'));
  const hasMarks = failures.some((count) => count !== null);
  const bands = Math.ceil(series.length / across);
  const perBand = Math.floor((rows - 1) / bands) - 1 - (hasMarks ? 1 : 0);
  const room: ChartRoom = {
    columns: across === 1 ? columns : Math.floor((columns - GAP) / 2),
    plotRows: Math.max(MIN_PLOT_ROWS, Math.min(MAX_PLOT_ROWS, perBand)),
    labelCells: labelCellsOf(series),
    marks: hasMarks ? marks : [],
  };
  const hours = [hourRow(period, { steps, timezone }, room)];
  const charts = series.map((one) => {
    const own = chartRows(one, room, drawing);
    return hasMarks && one.name === 'Runs' ? [...own.slice(0, -1), failureRow(failures, room, drawing)] : own;
  });
  if (across === 1) return [...charts.flat(), ...hours];
  const beside = (one: readonly StyledRow[], other: readonly StyledRow[]) =>
    sideBySide(one, other, room.columns + GAP);
  const drawn = Array.from({ length: bands }, (_, band) =>
    beside(charts[2 * band] ?? [], charts[2 * band + 1] ?? []),
  );
  return [...drawn.flat(), ...beside(hours, hours)];
}

/** How many runs failed in each step, in bars; none where none did. */
function failureRow(failures: readonly (number | null)[], room: ChartRoom, { signs }: Drawing): StyledRow {
  const area = { columns: plotColumns(room), rows: 1, signs: signs === 'ascii' ? signs : 'blocks' } as const;
  return styledRow(room.columns, {
    text: `${fitTo('✗', room.labelCells, 'right')}${' '.repeat(AXIS_CELLS)}${drawChart(failures, area)?.rows[0] ?? ''}`,
    style: 'bad',
  });
}

/** Tables one below the other, those of a band side by side, in at most `max` rows. */
function tableBands(bands: readonly (readonly HomeTable[])[], columns: number, max: number): StyledRow[] {
  const rows = max < MIN_TABLE_ROWS ? Number.POSITIVE_INFINITY : max;
  return allotted(bands, rows).flatMap(({ band: [left, right], count }) => {
    if (left === undefined) return [];
    if (right === undefined) return tableRows(left, columns, count);
    const width = Math.floor((columns - GAP) / 2);
    return sideBySide(tableRows(left, width, count), tableRows(right, width, count), width + GAP);
  });
}

/** How many rows the tables of each band have, without their heads: as equal as their lengths allow. */
function allotted(
  bands: readonly (readonly HomeTable[])[],
  rows: number,
): { band: readonly HomeTable[]; count: number }[] {
  const shown = bands.slice(0, Math.max(1, Math.floor(rows / (TABLE_HEAD_ROWS + 1))));
  const wanted = shown.map((band) => Math.max(...band.map(({ count }) => count)));
  const counts = shown.map(() => 1);
  for (let spare = rows - shown.length * (TABLE_HEAD_ROWS + 1); spare > 0; ) {
    const before = spare;
    for (const [at, most] of wanted.entries()) {
      const count = counts[at] ?? most;
      if (spare <= 0 || count >= most) continue;
      counts[at] = count + 1;
      spare -= 1;
    }
    if (spare === before) break;
  }
  return shown.map((band, at) => ({ band, count: counts[at] ?? 1 }));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
