import { Box } from 'ink';
import { useMemo } from 'react';
import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { JobRow } from '../../home/job-row.ts';
import { Row, Text, useTheme } from '../../ui/components/text.tsx';
import type { PaneProps } from '../define-feature.ts';
import { selectedJob } from '../jobs/reducer.ts';
import { detailHeight, detailParts } from './reducer.ts';
import { detailRows } from './sections.ts';

/** The detail of the selected job. */
export function JobDetailPane(props: PaneProps) {
  const job = selectedJob(props.state);
  return job === undefined ? <Text style="faint">No job is selected.</Text> : <Detail {...props} job={job} />;
}

function Detail({ state, rect, focused, job }: PaneProps & { job: JobRow }) {
  const theme = useTheme();
  const { columns, rows: height } = rect;
  const minute = Math.floor(state.now / MINUTE_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the state, only this is drawn
  const rows = useMemo(
    () =>
      detailRows({
        ...detailParts(state, job, { columns, rows: height }),
      }),
    [job, state.detail, columns, height, minute, theme, state.timezone],
  );
  const shown = detailHeight(rect);
  const wanted = state.detail.jobId === job.id ? state.detail.top : 0;
  const top = Math.min(wanted, Math.max(0, rows.length - shown));
  const below = rows.length - top - shown;
  const more = below > 0 ? `${theme.sign('down')} ${below} more ` : '';
  const title = truncateToWidth(sanitizeText(job.id), columns - displayWidth(more) - 1);
  return (
    <Box flexDirection="column" width={columns} height={height} overflowY="hidden">
      <Box flexShrink={0} height={1} width={columns} justifyContent="space-between">
        <Text style={focused ? 'key' : 'heading'} over={theme.screenReader && focused ? 'cursor' : undefined}>
          {theme.screenReader ? `Detail of ${title}` : title}
        </Text>
        <Text style="faint">{more}</Text>
      </Box>
      {rows.slice(top, top + shown).map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its number
        <Row key={at} row={row} />
      ))}
    </Box>
  );
}
