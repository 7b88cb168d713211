import { Box } from 'ink';
import { useMemo } from 'react';
import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { Row, useTheme } from '../../ui/components/text.tsx';
import type { PaneProps } from '../define-feature.ts';
import { currentDetail } from '../job-detail/reducer.ts';
import { overviewCharts, overviewRows } from './overview-rows.ts';
import { selectedJob } from './reducer.ts';

/** What stands below a short list: the charts of the selected job, and the runs before and after now. */
export function Overview({ state, rect }: PaneProps) {
  const { unicode, braille } = useTheme();
  const { columns, rows: height } = rect;
  const { home, timezone } = state;
  const bars = braille && !state.charts.hasBars ? 'braille' : 'blocks';
  const signs = unicode ? bars : 'ascii';
  const job = selectedJob(state);
  const minute = Math.floor(state.now / MINUTE_MS);
  const { charts } = currentDetail(state, job?.id ?? '');
  const [jobs, scheduler] = [home?.jobs, home?.scheduler.state];
  const area = useMemo(
    () => ({ columns, rows: height, signs, timezone, now: minute * MINUTE_MS, linear: false }) as const,
    [columns, height, signs, timezone, minute],
  );
  // Apart, because the lists change with every run of the home.
  const drawn = useMemo(() => overviewCharts(job, charts, area), [job, charts, area]);
  const rows = useMemo(
    () => overviewRows({ jobs: jobs ?? [], scheduler }, drawn, area),
    [jobs, scheduler, drawn, area],
  );
  return (
    <Box flexDirection="column" flexShrink={0} width={columns} height={height} overflowY="hidden">
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Row key={at} row={row} columns={columns} />
      ))}
    </Box>
  );
}
