import { Box } from 'ink';
import { memo } from 'react';
import type { JobSummary } from '../../../core/operations/job-summary.ts';
import { jobsHeight, listedJobs } from '../../state/jobs-view.ts';
import { cleanLine } from '../../text/clean.ts';
import { cellsOf, fitTo } from '../../text/fit.ts';
import { FACES, type Face } from '../../theme.ts';
import type { PaneProps } from '../parts/pane.ts';
import { Text } from '../parts/text.tsx';
import { useTheme } from '../parts/theme-context.ts';

/** The jobs, a line each. */
export function JobList({ state, rect, focused }: PaneProps) {
  const jobs = listedJobs(state);
  const { top, index } = state.jobs;
  if (state.home.jobs === undefined) return <Text look="faint">Reading the jobs…</Text>;
  if (jobs.length === 0) return <Text look="faint">No jobs yet.</Text>;
  const idCells = Math.min(40, Math.max(12, rect.columns - 40));
  const shown = jobs.slice(top, top + jobsHeight(state));
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box flexShrink={0}>
        <Text look="faint">{fitTo(`    ${fitTo('JOB', idCells)}  STATE      SCHEDULE`, rect.columns)}</Text>
      </Box>
      {shown.map((job, row) => (
        <JobRow
          key={job.job_id}
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
  job: JobSummary;
  columns: number;
  idCells: number;
  selected: boolean;
  focused: boolean;
}

const JobRow = memo(function JobRow({ job, columns, idCells, selected, focused }: RowProps) {
  const theme = useTheme();
  const face = faceOf(job);
  const over = selected ? (focused ? 'selected' : 'marked') : undefined;
  const id = fitTo(cleanLine(job.job_id), idCells);
  const rest = fitTo(cleanLine(job.error ?? job.schedule ?? ''), columns - 4 - cellsOf(id) - 13);
  return (
    <Box flexShrink={0} height={1}>
      <Text over={over}>{selected ? theme.sign('pointer') : ' '}</Text>
      <Text look={FACES[face].look} over={over}>{` ${theme.icon(face)} `}</Text>
      <Text over={over}>{`${id}  `}</Text>
      <Text look={FACES[face].look} over={over}>{`${fitTo(face, 9)}  `}</Text>
      <Text look={job.error === null ? 'plain' : 'bad'} over={over}>
        {rest}
      </Text>
    </Box>
  );
});

function faceOf(job: JobSummary): Face {
  if (job.status === 'invalid') return 'invalid';
  if (job.status === 'running') return 'running';
  if (job.paused !== null) return 'paused';
  if (!job.enabled) return 'disabled';
  if (job.status === 'completed') return 'succeeded';
  return job.status === 'failed' ? 'failed' : 'waiting';
}
