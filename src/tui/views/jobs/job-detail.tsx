import { Box } from 'ink';
import { selectedJob } from '../../state/jobs-view.ts';
import { cleanLine } from '../../text/clean.ts';
import { cut } from '../../text/fit.ts';
import type { PaneProps } from '../parts/pane.ts';
import { Text } from '../parts/text.tsx';

/** The selected job. */
export function JobDetail({ state, rect, focused }: PaneProps) {
  const job = selectedJob(state);
  if (job === undefined) return <Text look="faint">No job is selected.</Text>;
  const lines = [
    job.description,
    job.error,
    job.schedule,
    job.config_name === null ? null : `configuration ${job.config_name}`,
    job.next_run === null ? null : `next run ${job.next_run}`,
    job.last_run === null ? null : `last run ${job.last_run}`,
    job.tags.length === 0 ? null : `tags ${job.tags.join(', ')}`,
  ].filter((line) => line !== null);
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box flexShrink={0}>
        <Text look={focused ? 'key' : 'heading'}>{cut(cleanLine(job.job_id), rect.columns)}</Text>
      </Box>
      {lines.slice(0, rect.rows - 1).map((line) => (
        <Box key={line} flexShrink={0}>
          <Text>{cut(cleanLine(line), rect.columns)}</Text>
        </Box>
      ))}
    </Box>
  );
}
