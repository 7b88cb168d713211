import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { isExecuted } from '../../../core/runs/last-run.ts';
import type { ChartSigns } from '../../ui/chart.ts';
import { BLANK, type StyledRow, styledRow } from '../../ui/styled-row.ts';
import type { DetailParts, JobDetail, TabAnswer } from './model.ts';
import { type TabArea, tabRows } from './tab-rows.ts';

/** A log of fewer lines says nothing, and neither does a lower chart. */
const MIN_LOG_ROWS = 4;
const MIN_CHART_ROWS = 9;
const MAX_CHART_ROWS = 14;
/** The blank row above a part, and its title. */
const HEAD_ROWS = 2;

interface Below extends Pick<JobDetail, 'log' | 'charts'> {
  readonly hasLog: boolean;
  readonly hasCharts: boolean;
  /** How many rows the sections have. */
  readonly used: number;
  readonly signs: ChartSigns;
}

/**
 * Fills the rows below the sections of a job's detail: its charts, and the end of its newest log. They stand there only
 * once the sections are whole, because these would move them.
 */
export function belowSections(
  { row, detail, height, columns, now, timezone }: DetailParts,
  { hasLog, hasCharts, log, charts, used, signs }: Below,
): readonly StyledRow[] {
  if (height === undefined || row.error !== null || detail.data === null) return [];
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const area = (rows: number): TabArea => ({ columns, rows, now: minute, timezone, signs, linear: false });
  let left = height - used;
  const below: StyledRow[] = [];
  const read = log !== undefined && 'data' in log && log.data.tab === 'log' ? log.data : undefined;
  const isBare = read?.lines.length === 0 && row.active.every(({ runId }) => runId !== read.runId);
  const hasRun = row.history.length + row.active.length > 0;
  const logRows = hasLog && hasRun ? HEAD_ROWS + MIN_LOG_ROWS : 0;
  const chartRows = Math.min(MAX_CHART_ROWS, left - 1 - logRows);
  if (hasCharts && chartRows >= MIN_CHART_ROWS && row.history.filter(isExecuted).length > 1) {
    const shown = tabRows(row, charts, area(chartRows)).slice(0, chartRows);
    below.push(BLANK, ...Array.from({ length: chartRows }, (_, at) => shown[at] ?? BLANK));
    left -= 1 + chartRows;
  }
  if (logRows > 0 && left >= logRows && !isBare)
    below.push(
      BLANK,
      styledRow(
        columns,
        { text: 'Log', style: 'heading' },
        { text: read === undefined ? '' : `  the end of run ${read.runId}`, style: 'faint' },
      ),
      ...endOf(log, (answer) => tabRows(row, answer, area(left - HEAD_ROWS)), left - HEAD_ROWS),
    );
  return below;
}

/** The last rows of a log. It begins with a whole line where one has room. */
function endOf(
  log: TabAnswer | undefined,
  rowsOf: (answer: TabAnswer | undefined) => readonly StyledRow[],
  count: number,
): readonly StyledRow[] {
  if (log === undefined || !('data' in log) || log.data.tab !== 'log') return rowsOf(log).slice(0, count);
  const { data } = log;
  // A line has at least a row, so that older ones need not be wrapped.
  const lines = data.lines.slice(-count);
  while (lines.length > 1 && rowsOf({ data: { ...data, lines } }).length > count) lines.shift();
  return rowsOf({ data: { ...data, lines } }).slice(-count);
}
