import { Box } from 'ink';
import { memo } from 'react';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import type { JobRow } from '../../live/job-row.ts';
import { jobsHeight, listedJobs } from '../../state/jobs-view.ts';
import { cleanLine } from '../../text/clean.ts';
import { cellsOf, fitTo } from '../../text/fit.ts';
import { FACES } from '../../theme.ts';
import type { PaneProps } from '../parts/pane.ts';
import { Text } from '../parts/text.tsx';
import { useTheme } from '../parts/theme-context.ts';

/** The jobs, a line each. */
export function JobList({ state, rect, focused }: PaneProps) {
  const jobs = listedJobs(state);
  const { top, index } = state.jobs;
  if (state.home === undefined) return <Text look="faint">Reading the jobs…</Text>;
  if (jobs.length === 0) return <Text look="faint">No jobs yet.</Text>;
  const idCells = Math.min(40, Math.max(12, rect.columns - 40));
  const shown = jobs.slice(top, top + jobsHeight(state));
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box flexShrink={0}>
        <Text look="faint">{fitTo(`    ${fitTo('JOB', idCells)}  STATE      SCHEDULE`, rect.columns)}</Text>
      </Box>
      {shown.map((job, row) => (
        <JobLine
          key={job.id}
          job={job}
          columns={rect.columns}
          idCells={idCells}
          selected={top + row === index}
          focused={focused}
        />
      ))}
    </Box>
  );
}

interface RowProps {
  job: JobRow;
  columns: number;
  idCells: number;
  selected: boolean;
  focused: boolean;
}

const JobLine = memo(function JobLine({ job, columns, idCells, selected, focused }: RowProps) {
  const theme = useTheme();
  const face = FACES[job.state];
  const over = selected ? (focused ? 'selected' : 'marked') : undefined;
  const id = fitTo(cleanLine(job.id), idCells);
  const rest = fitTo(cleanLine(job.error ?? scheduleWords(job)), columns - 4 - cellsOf(id) - 13);
  return (
    <Box flexShrink={0} height={1}>
      <Text over={over}>{selected ? theme.sign('pointer') : ' '}</Text>
      <Text look={face.look} over={over}>{` ${theme.icon(job.state)} `}</Text>
      <Text over={over}>{`${id}  `}</Text>
      <Text look={face.look} over={over}>{`${fitTo(face.word, 9)}  `}</Text>
      <Text look={job.error === null ? 'plain' : 'bad'} over={over}>
        {rest}
      </Text>
    </Box>
  );
});

function scheduleWords({ definition }: JobRow): string {
  return definition === null ? '' : JobSchedule.fromDict(definition.schedule).describe();
}
