import { pluralize } from '../../../core/lib/text.ts';
import { drawChart } from '../../ui/chart.ts';
import { formatClockTime, formatRunDuration } from '../../ui/format.ts';
import { BLANK, type StyledRow, styledRow, wrappedRows } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import {
  type ChartRoom,
  chartRows,
  type Drawing,
  labelCellsOf,
  plotColumns,
  sideBySide,
  timeRow,
} from './chart-rows.ts';
import type { HomeFigures } from './home-figures.ts';
import { type ChartsArea, formatRate } from './job-charts.ts';
import { type Series, summarize } from './series.ts';

const GAP = 3;
const MIN_PLOT_ROWS = 3;
const MAX_PLOT_ROWS = 30;
/** The hosts say more than higher charts would. */
const MAX_PLOT_ROWS_WITH_HOSTS = 8;
/** At least this many rows are left to the hosts, with their title; on a tall screen half of it. */
const MIN_HOST_ROWS = 6;
/** The busiest hosts are listed, the others counted. */
const MAX_HOSTS = 40;
const MAX_HOST_CELLS = 32;
/** The cells of the figures behind the line of a host: `  59m to 2h 05m · total 3d 4h`, and with their unit. */
const HOST_FIGURE_CELLS = 36;
const LONG_HOST_FIGURE_CELLS = 50;
/** From this width on, the figures have their unit. */
const LONG_FIGURES_FROM = 100;

/** The charts of a home: runs at once, success, and how busy runs were with each host. */
export function homeChartRows(
  figures: HomeFigures,
  area: ChartsArea & { readonly slots: number | undefined },
  drawing: Drawing,
): StyledRow[] {
  const { columns, across, now, timezone, slots } = area;
  const { period, succeeded, failed } = figures;
  const steps = Math.min(period.steps, Math.floor((period.now - period.from) / period.step) + 1);
  const [good, bad] = [sum(succeeded), sum(failed)];
  const head = styledRow(
    columns,
    { text: 'Last 24 hours', style: 'heading' },
    {
      text: `  ${formatRate(good + bad === 0 ? null : good / (good + bad))}`,
      style: bad === 0 ? 'good' : 'warning',
    },
    { text: ` · ${pluralize(good + bad, 'run')} · ${good} succeeded · ${bad} failed`, style: 'plain' },
  );
  const charts: Series[] = [
    {
      name: 'Runs at once',
      ...(slots !== undefined && { about: `of ${pluralize(slots, 'slot')}`, axis: { from: 0, to: slots } }),
      values: figures.concurrent.slice(0, steps),
      format: String,
    },
    {
      name: 'Success',
      about: 'by half hour',
      values: succeeded
        .slice(0, steps)
        .map((count, at) => (count + (failed[at] ?? 0) === 0 ? null : count / (count + (failed[at] ?? 0)))),
      format: formatRate,
    },
  ];
  const hosts = figures.hosts
    .slice(0, MAX_HOSTS)
    .map(({ host, busyMs }) => ({ host, busyMs: busyMs.slice(0, steps) }));
  if (drawing.isSpoken)
    return [
      head,
      ...charts.flatMap((one) => chartRows(one, { columns, plotRows: 1, labelCells: 0, marks: [] }, drawing)),
      ...hosts.flatMap(({ host, busyMs }) => wrappedRows(describeHost(host, busyMs), columns)),
      ...moreHosts(figures, columns),
    ];
  const marks = bad === 0 ? [] : failed.slice(0, steps).map((count) => (count > 0 ? '✗' : null));
  const bands = across === 1 ? 2 : 1;
  const hostRows = Math.min(hosts.length + 2, Math.max(MIN_HOST_ROWS, Math.floor(area.rows / 2)));
  const perBand = Math.floor((area.rows - 2 - hostRows) / bands) - 1 - (marks.length === 0 ? 0 : 1);
  const maxPlotRows = hosts.length === 0 ? MAX_PLOT_ROWS : MAX_PLOT_ROWS_WITH_HOSTS;
  const room: ChartRoom = {
    columns: across === 1 ? columns : Math.floor((columns - GAP) / 2),
    plotRows: Math.max(MIN_PLOT_ROWS, Math.min(maxPlotRows, perBand)),
    labelCells: labelCellsOf(charts),
    marks,
  };
  const times = [timeRow(formatClockTime(period.from, now, timezone), 'now', room)];
  const [runs = [], success = []] = charts.map((one) => chartRows(one, room, drawing));
  const drawn =
    across === 1
      ? [...runs, ...success, ...times]
      : [...sideBySide(runs, success, room.columns + GAP), ...sideBySide(times, times, room.columns + GAP)];
  return [head, ...drawn, ...hostTable(hosts, columns, drawing), ...moreHosts(figures, columns)];
}

type HostLoad = HomeFigures['hosts'][number];

/** A line for each host, in bars: its lowest half hour is the lowest bar, its highest the highest. */
function hostTable(hosts: readonly HostLoad[], columns: number, { signs }: Drawing): StyledRow[] {
  const title = styledRow(
    columns,
    { text: 'Load by host', style: 'heading' },
    { text: '  how long runs were busy with each, by half hour', style: 'faint' },
  );
  if (hosts.length === 0) return [BLANK, title, styledRow(columns, { text: 'No run yet.', style: 'faint' })];
  const names = Math.min(
    MAX_HOST_CELLS,
    Math.floor(columns / 3),
    hosts.reduce((cells, { host }) => Math.max(cells, host.length), 8),
  );
  const isLong = columns >= LONG_FIGURES_FROM;
  const figureCells = isLong ? LONG_HOST_FIGURE_CELLS : HOST_FIGURE_CELLS;
  const width = plotColumns({ columns: columns - figureCells, labelCells: names });
  return [
    BLANK,
    title,
    ...hosts.map(({ host, busyMs }) => {
      const area = { columns: width, rows: 1, signs: signs === 'ascii' ? signs : 'blocks' } as const;
      const chart = drawChart(busyMs, area);
      const range = summarize(busyMs);
      const spread =
        range === undefined
          ? ''
          : `  ${formatRunDuration(range.lowest)} to ${formatRunDuration(range.highest)}${isLong ? ' per half hour' : ''} · total ${formatRunDuration(sum(busyMs))}`;
      return styledRow(
        columns,
        { text: `${fitTo(host, names)}  `, style: 'plain' },
        { text: chart?.rows[0] ?? ' '.repeat(width), style: 'accent' },
        { text: spread, style: 'faint' },
      );
    }),
  ];
}

function describeHost(host: string, busyMs: readonly number[]): string {
  const range = summarize(busyMs);
  const [lowest, highest] = [range?.lowest ?? 0, range?.highest ?? 0].map(formatRunDuration);
  return `Host ${host}: busy for ${formatRunDuration(sum(busyMs))}, in half an hour ${lowest} to ${highest}`;
}

function moreHosts({ hosts }: HomeFigures, columns: number): StyledRow[] {
  const more = hosts.length - MAX_HOSTS;
  if (more <= 0) return [];
  return [styledRow(columns, { text: `… and ${pluralize(more, 'host')} with less load`, style: 'faint' })];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
