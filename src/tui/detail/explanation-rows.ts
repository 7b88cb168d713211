import { describeStateMeaning } from '../home/job-states.ts';
import { wrappedRows } from '../styled-row.ts';
import { withDashboardKeys } from '../text/hint-keys.ts';
import { localizeInstants } from '../time/format-date-time.ts';
import type { DetailSection } from './detail-rows.ts';
import { findRunningRun } from './progress-rows.ts';

/**
 * Why the job runs, waits or does not run, as `get_job` explains it; until that is there, what its state means. What it
 * says of the run under way and of the last one stands with those.
 */
export const explanationRows: DetailSection = ({
  row,
  detail: { data, failure },
  now,
  timezone,
  columns,
}) => {
  if (row.error !== null) return [];
  if (data === null)
    return failure === null
      ? wrappedRows(describeStateMeaning(row.state), columns, 'faint')
      : wrappedRows(failure.message, columns, 'bad');
  const zone = row.definition?.schedule.timezone ?? timezone;
  const runIds = [findRunningRun(row)?.runId, row.last?.runId].filter((id) => id !== undefined);
  const [first = '', ...others] = data.job.explanation
    .filter((line) => !runIds.some((id) => line.includes(id)))
    .map((line) => withDashboardKeys(localizeInstants(line, { now, zone, here: timezone })));
  return [
    ...wrappedRows(first, columns),
    ...others.flatMap((line) => wrappedRows(line, columns, 'faint')),
    ...data.preview.warnings
      .filter((line) => !data.job.explanation.includes(line))
      .flatMap((line) => wrappedRows(line, columns, 'warning')),
  ];
};
