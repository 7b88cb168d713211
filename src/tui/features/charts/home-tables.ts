import { displayWidth } from '../../../core/lib/display-width.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import { partBar } from '../../ui/bars.ts';
import { cellOf, drawChart } from '../../ui/chart.ts';
import { formatClockTime, formatRunDuration } from '../../ui/format.ts';
import { BLANK, type StyledRow, styledRow, type TextSpan, wrappedRows } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import { CLIPPED, type Drawing, plotColumns } from './chart-rows.ts';
import type { BusyJob, FailingJob, HomeFigures, LongRun } from './home-figures.ts';
import { endWithoutOutliers, summarize } from './series.ts';

const MAX_NAME_CELLS = 32;
/** The busiest hosts are listed, the others counted. */
const MAX_HOSTS = 40;

/** A list below the charts. Its first row is its title. */
export interface HomeTable {
  readonly title: string;
  /** What its values are. */
  readonly about: string;
  /** How many rows there are. */
  readonly count: number;
  /** Its rows without the title, in a width. */
  rows(columns: number): StyledRow[];
  /** In words, for a screen reader. */
  readonly spoken: readonly string[];
}

interface Times {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly timezone: string;
}

/** The jobs with failed runs, and why the last one of each failed. */
export function failingTable({ failing }: HomeFigures, { now, timezone }: Times): HomeTable {
  const at = ({ lastFailed }: FailingJob) => formatClockTime(lastFailed, now, timezone);
  return {
    ...titled('Failed', 'runs of each job, when the last one began, and why'),
    count: failing.length,
    spoken: failing.map(
      (job) =>
        `Job ${job.jobId}: ${job.failed} of ${pluralize(job.runs, 'run')} failed, the last one of ${at(job)}${job.error === undefined ? '' : `, ${job.error}`}`,
    ),
    rows: (columns) => {
      const [names, counts] = [
        nameCells(failing, columns),
        cellsOf(failing, ({ failed, runs }) => `${failed} of ${runs}`),
      ];
      return failing.map((job) =>
        styledRow(
          columns,
          { text: `${fitTo(job.jobId, names)}  `, style: 'plain' },
          { text: fitTo(`${job.failed} of ${job.runs}`, counts, 'right'), style: 'bad' },
          { text: `  ${fitTo(at(job), cellsOf(failing, at))}  `, style: 'plain' },
          { text: job.error ?? '', style: 'faint' },
        ),
      );
    },
  };
}

/** The jobs that used slots the longest, in bars beside the busiest one. */
export function busyTable({ busiest }: HomeFigures): HomeTable {
  const most = busiest[0]?.busyMs ?? 1;
  const texts = ({ runs, busyMs, items }: BusyJob) => [
    pluralize(runs, 'run'),
    formatRunDuration(busyMs),
    pluralize(items, 'item'),
  ];
  return {
    ...titled('Busiest jobs', 'how long their runs took together'),
    count: busiest.length,
    spoken: busiest.map((job) => {
      const [runs, busy, items] = texts(job);
      return `Job ${job.jobId}: busy for ${busy} in ${runs}, ${items}`;
    }),
    rows: (columns) => {
      const names = nameCells(busiest, columns);
      const cells = [0, 1, 2].map((at) => cellsOf(busiest, (job) => texts(job)[at] ?? ''));
      const figures = cells.reduce((sum, own) => sum + own + GAP, 0);
      const bar = Math.min(MAX_BAR_CELLS, columns - names - figures - GAP);
      return busiest.map((job) =>
        styledRow(
          columns,
          { text: `${fitTo(job.jobId, names)}  `, style: 'plain' },
          { text: bar < 1 ? '' : fitTo(barOf(job.busyMs / most, bar), bar), style: 'accent' },
          ...texts(job).map((text, at) => ({
            text: `  ${fitTo(text, cells[at] ?? 0, 'right')}`,
            style: at === 1 ? ('plain' as const) : ('faint' as const),
          })),
        ),
      );
    },
  };
}

/** The runs that took longest, with their outcome. */
export function longestTable({ longest }: HomeFigures, { now, timezone }: Times): HomeTable {
  const words = (run: LongRun) => outcomeTexts(run)[0] ?? '';
  const at = ({ begin }: LongRun) => formatClockTime(begin, now, timezone);
  const took = ({ tookMs, isActive }: LongRun) => `${formatRunDuration(tookMs)}${isActive ? ' so far' : ''}`;
  return {
    ...titled('Longest runs', 'when they began, and how long they took'),
    count: longest.length,
    spoken: longest.map((run) => `Run of ${run.jobId} at ${at(run)}: took ${took(run)}, ${words(run)}`),
    rows: (columns) => {
      const [names, times] = [nameCells(longest, columns), cellsOf(longest, took)];
      const room = columns - names - cellsOf(longest, at) - times - 3 * GAP;
      // All are said in the longest way that has room for all of them.
      const size = [0, 1].find((way) => cellsOf(longest, (run) => outcomeTexts(run)[way] ?? '') <= room) ?? 2;
      return longest.map((run) =>
        styledRow(
          columns,
          { text: `${fitTo(run.jobId, names)}  ${fitTo(at(run), cellsOf(longest, at))}  `, style: 'plain' },
          { text: fitTo(took(run), times, 'right'), style: 'accent' },
          {
            text: `  ${outcomeTexts(run)[size]}`,
            style: run.status === 'succeeded' ? 'faint' : STATUS_DISPLAY[run.status].style,
          },
        ),
      );
    },
  };
}

/** How a run ended, from the longest text to the shortest. */
function outcomeTexts({ status, items }: LongRun): string[] {
  const { icon, word } = STATUS_DISPLAY[status];
  if (status !== 'succeeded') return [`${icon} ${word}`, `${icon} ${word}`, `${icon} ${word}`];
  const count = pluralize(items, 'item');
  return [`${icon} ${word} · ${count}`, `${icon} ${count}`, `${icon} ${items.toLocaleString('en-US')}`];
}

/**
 * A line for each host, in bars: its lowest half hour is the lowest bar, its highest the highest. A few that stand far
 * above the others are clipped, marked and said.
 */
export function hostTable({ hosts: all }: HomeFigures, steps: number, { signs }: Drawing): HomeTable {
  const hosts = all.slice(0, MAX_HOSTS).map(({ host, busyMs }) => ({ host, busyMs: busyMs.slice(0, steps) }));
  return {
    ...titled('Load by host', 'how long runs were busy with each, by half hour'),
    count: hosts.length,
    spoken: hosts.map(({ host, busyMs }) => describeHost(host, busyMs)),
    rows: (columns) => {
      const names = Math.min(
        MAX_NAME_CELLS,
        Math.floor(columns / 3),
        hosts.reduce((cells, { host }) => Math.max(cells, displayWidth(host)), 8),
      );
      const isLong = columns >= LONG_FIGURES_FROM;
      const figures = hosts.map(({ busyMs }) => describeLoad(busyMs, isLong));
      const figureCells = cellsOf(figures, (text) => text);
      const width = plotColumns({ columns: columns - figureCells, labelCells: names });
      return hosts.map(({ host, busyMs }, at) =>
        styledRow(
          columns,
          { text: `${fitTo(host, names)}  `, style: 'plain' },
          ...hostLine(busyMs, width, signs),
          { text: figures[at] ?? '', style: 'faint' },
        ),
      );
    },
  };
}

/** As many half hours of a host may stand far above its others. */
const MAX_PEAKS = 3;

/** The bars of a host, with a sign for each that is higher than its line. */
function hostLine(busyMs: readonly number[], width: number, signs: Drawing['signs']): TextSpan[] {
  const to = endWithoutOutliers(busyMs, MAX_PEAKS);
  const area = { columns: width, rows: 1, signs: signs === 'ascii' ? signs : 'blocks' } as const;
  const text = drawChart(
    busyMs.map((ms) => Math.min(ms, to)),
    area,
  )?.rows[0];
  if (text === undefined) return [{ text: ' '.repeat(width), style: 'accent' }];
  const peaks = new Set(
    busyMs.flatMap((ms, index) => (ms > to ? [cellOf(index, busyMs.length, width)] : [])),
  );
  const spans: TextSpan[] = [];
  let from = 0;
  for (const column of peaks) {
    spans.push({ text: text.slice(from, column), style: 'accent' }, { text: CLIPPED, style: 'warning' });
    from = column + 1;
  }
  return [...spans, { text: text.slice(from), style: 'accent' }];
}

/** `  59m to 2h 05m · total 3d 4h`, `  0ms to 8.1s, ▲ 1m 00s per half hour · total 2m 18s` */
function describeLoad(busyMs: readonly number[], isLong: boolean): string {
  const to = endWithoutOutliers(busyMs, MAX_PEAKS);
  const range = summarize(busyMs.map((ms) => Math.min(ms, to)));
  const peak = Math.max(0, ...busyMs);
  if (range === undefined) return '';
  const above = peak > to ? `, ${CLIPPED} ${formatRunDuration(peak)}` : '';
  const spread = `${formatRunDuration(range.lowest)} to ${formatRunDuration(range.highest)}${above}`;
  return `  ${spread}${isLong ? ' per half hour' : ''} · total ${formatRunDuration(sum(busyMs))}`;
}

/** From this width on, the figures have their unit. */
const LONG_FIGURES_FROM = 100;

const GAP = 2;
const MAX_BAR_CELLS = 40;

/** A bar whose length is a share of `cells`; it begins at zero, and is never empty. */
function barOf(share: number, cells: number): string {
  return partBar(Math.max(share, 1 / (8 * cells)), cells);
}

/** A table with its title, and a blank row above; or that it has no rows. */
export function tableRows({ title, about, count, rows }: HomeTable, columns: number): StyledRow[] {
  const note = `  ${about}`;
  const hasNote = displayWidth(title + note) <= columns;
  return [
    BLANK,
    styledRow(columns, { text: title, style: 'heading' }, { text: hasNote ? note : '', style: 'faint' }),
    ...(count === 0 ? [styledRow(columns, { text: 'No run yet.', style: 'faint' })] : rows(columns)),
  ];
}

/** What is beyond the hosts that are listed. */
export function moreHosts({ hosts }: HomeFigures, columns: number): StyledRow[] {
  const more = hosts.length - MAX_HOSTS;
  if (more <= 0) return [];
  return [styledRow(columns, { text: `… and ${pluralize(more, 'host')} with less load`, style: 'faint' })];
}

/** The tables in words. */
export function spokenTables(tables: readonly HomeTable[], columns: number): StyledRow[] {
  return tables.flatMap(({ spoken }) => spoken.flatMap((text) => wrappedRows(text, columns)));
}

function titled(title: string, about: string): Pick<HomeTable, 'title' | 'about'> {
  return { title, about };
}

function describeHost(host: string, busyMs: readonly number[]): string {
  const range = summarize(busyMs);
  const [lowest, highest] = [range?.lowest ?? 0, range?.highest ?? 0].map(formatRunDuration);
  return `Host ${host}: busy for ${formatRunDuration(sum(busyMs))}, in half an hour ${lowest} to ${highest}`;
}

/** The cells of the names of some jobs. */
function nameCells(jobs: readonly { jobId: string }[], columns: number): number {
  return Math.min(
    MAX_NAME_CELLS,
    Math.floor(columns / 3),
    cellsOf(jobs, ({ jobId }) => jobId),
  );
}

function cellsOf<T>(all: readonly T[], text: (one: T) => string): number {
  return all.reduce((cells, one) => Math.max(cells, displayWidth(text(one))), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
