import { Box } from 'ink';
import { nextRunNotes } from '../../jobs/next-run-notes.ts';
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
    job.configName === null ? null : `configuration ${job.configName}`,
    job.nextRun === null ? null : `next run ${new Date(job.nextRun).toISOString()}`,
    ...nextRunNotes(job).map(({ text }) => text),
    job.tags.length === 0 ? null : `tags ${job.tags.join(', ')}`,
  ].filter((line): line is string => line !== null && line !== '');
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box flexShrink={0}>
        <Text look={focused ? 'key' : 'heading'}>{cut(cleanLine(job.id), rect.columns)}</Text>
      </Box>
      {lines.slice(0, rect.rows - 1).map((line) => (
        <Box key={line} flexShrink={0}>
          <Text>{cut(cleanLine(line), rect.columns)}</Text>
        </Box>
      ))}
    </Box>
  );
}
