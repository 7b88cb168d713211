import { Box } from 'ink';
import { pluralize } from '../../../core/lib/text.ts';
import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import { Row, Text } from '../../ui/components/text.tsx';
import { formatRunDuration } from '../../ui/format.ts';
import { type StyledRow, styledRow } from '../../ui/styled-row.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { CellPeriod } from './model.ts';
import { cellAt, formatDayAndTime } from './period.ts';

/** Less room than this shows too little of a job. */
const MIN_ROWS = 6;
const MIN_COLUMNS = 80;

interface PeriodRunsProps {
  jobId: string;
  runs: readonly TimelineRun[];
  period: CellPeriod;
  timezone: string;
  columns: number;
  /** The rows that the strips leave. */
  rows: number;
}

/** The runs of the selected job in the period that is shown, newest first, where the strips leave room. */
export function PeriodRuns({ jobId, runs, period, timezone, columns, rows }: PeriodRunsProps) {
  const shown = runs.filter(({ begin }) => {
    const cell = cellAt(period, begin);
    return cell >= 0 && cell < period.cells;
  });
  if (rows < MIN_ROWS || columns < MIN_COLUMNS || shown.length === 0) return null;
  const room = rows - 2;
  const listed = shown.toReversed().slice(0, shown.length > room ? room - 1 : room);
  const more = shown.length - listed.length;
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Text> </Text>
      <Text style="heading">
        {fitTo(`${jobId}: ${pluralize(shown.length, 'run')} in this period`, columns)}
      </Text>
      {listed.map((run) => (
        <Row key={run.runId} row={runRow(run, timezone, columns)} />
      ))}
      {more > 0 && <Text style="faint">{`… and ${pluralize(more, 'earlier run')}`}</Text>}
    </Box>
  );
}

function runRow(
  { begin, end, status, items, trigger, runId }: TimelineRun,
  timezone: string,
  columns: number,
): StyledRow {
  const { icon, word, style } = STATUS_DISPLAY[status];
  const took = end === null || end === begin ? '' : formatRunDuration(end - begin);
  const parts = `${fitTo(took, 8, 'right')}  ${fitTo(pluralize(items, 'item'), 14, 'right')}  ${fitTo(trigger.replace('_', ' '), 9)} ${runId}`;
  return styledRow(
    columns,
    { text: `  ${fitTo(formatDayAndTime(begin, timezone), 20)}`, style: 'plain' },
    { text: fitTo(`${icon} ${word}`, 12), style },
    { text: parts, style: 'plain' },
  );
}
