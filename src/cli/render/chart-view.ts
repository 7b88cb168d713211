import { systemTimezone } from '../../core/schedule/engine/instant.ts';
import { mediansOf, runsWithMedians } from '../../tui/features/charts/field-medians.ts';
import { type ChartsArea, jobChartRows } from '../../tui/features/charts/job-charts.ts';
import { type JobFigures, jobFigures } from '../../tui/features/charts/job-figures.ts';
import { type Series, summarize } from '../../tui/features/charts/series.ts';
import { timeFormat } from '../../tui/ui/format.ts';
import { type StyledRow, styledRow, textAt } from '../../tui/ui/styled-row.ts';
import { asAscii } from '../../tui/ui/text/ascii.ts';
import { type StyleName, themeFor } from '../../tui/ui/theme.ts';
import type { Colors, Terminal } from './terminal.ts';

export { jobFigures, mediansOf, runsWithMedians };

const PIPED_COLUMNS = 80;
const MIN_COLUMNS = 30;
/** With the rows that are left, a chart has eight of its own. */
const ROWS = 44;

/** Draws the charts of a job, one below the other; for a screen reader in words. */
export function jobCharts(figures: JobFigures, { columns, colors }: Terminal, now: number): string {
  const { unicode, braille, screenReader } = themeFor(process.env, { color: false });
  const width = Math.max(MIN_COLUMNS, columns ?? PIPED_COLUMNS);
  const timezone = systemTimezone();
  const area = { columns: width, rows: ROWS, across: 1, now, timezone } as const;
  const signs = unicode ? (braille ? 'braille' : 'blocks') : 'ascii';
  // To a screen reader, a chart without a value is one line already.
  const isDrawn = (one: Series) => screenReader || summarize(one.values) !== undefined;
  const drawn = { ...figures, series: figures.series.filter(isDrawn) };
  const rows = [
    ...jobChartRows(drawn, area, { signs, isSpoken: screenReader }),
    ...(drawn.series.length === 0 ? [timesRow(figures, area)] : []),
    ...figures.series.filter((one) => !isDrawn(one)).map((one) => noValueRow(one, width)),
  ];
  const text = rows
    .map(({ spans }) =>
      spans
        .map(({ text, style }) => colorOf(colors, style)(textAt(text, now)))
        .join('')
        .trimEnd(),
    )
    .join('\n');
  return unicode ? text : asAscii(text);
}

/** A figure of no run, such as one of runs that all failed: an empty chart would say no more. */
function noValueRow({ name }: Series, columns: number): StyledRow {
  return styledRow(columns, { text: name, style: 'heading' }, { text: '  no value', style: 'faint' });
}

/** When the runs were, where no chart has an axis of times. */
function timesRow({ runs }: JobFigures, { columns, now, timezone }: ChartsArea): StyledRow {
  const times = runs.map(({ started_at, queued_at }) => Date.parse(started_at ?? queued_at));
  const [from = now, until = now] = [times[0], times.at(-1)];
  const format = timeFormat(from, until, now, timezone);
  const text = runs.length === 1 ? `Run at ${format(from)}` : `Runs from ${format(from)} to ${format(until)}`;
  return styledRow(columns, { text, style: 'faint' });
}

function colorOf(colors: Colors, style: StyleName): (text: string) => string {
  switch (style) {
    case 'heading':
      return colors.bold;
    case 'faint':
      return colors.dim;
    case 'accent':
    case 'bodyLow':
    case 'bodyMiddle':
    case 'bodyHigh':
      return colors.cyan;
    case 'good':
      return colors.green;
    case 'bad':
      return colors.red;
    case 'warning':
      return colors.yellow;
    default:
      return String;
  }
}

/** The figures for a program; times are in milliseconds. */
export function chartOutput(job_id: string, total: number, figures: JobFigures) {
  const { runs, succeeded, failed, successRate, series } = figures;
  const [medians, others] = [series.filter(isMedian), series.filter((one) => !isMedian(one))];
  return {
    job_id,
    total,
    success: { runs: runs.length, succeeded, failed, success_rate: successRate },
    figures: summaries(others.map(({ key, values }) => [key, values])),
    ...(medians.length > 0 && { fields: summaries(medians.map(({ name, values }) => [name, values])) }),
    runs: runs.map(({ run_id, started_at, queued_at, status, items, duration_ms, bytes, pages }) => ({
      run_id,
      at: started_at ?? queued_at,
      status,
      items,
      duration_ms,
      bytes,
      pages,
      ms_per_page: duration_ms === null || pages === 0 ? null : duration_ms / pages,
    })),
  };
}

const isMedian = ({ key }: { key: string }) => key.startsWith('median:');

function summaries(series: readonly (readonly [string, readonly (number | null)[]])[]) {
  return Object.fromEntries(
    series.flatMap(([name, values]) => {
      const summary = summarize(values);
      return summary === undefined ? [] : [[name, summary] as const];
    }),
  );
}
