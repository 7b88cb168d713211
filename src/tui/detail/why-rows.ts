import { meaningOf } from '../jobs/job-states.ts';
import { withDateWords } from './date-words.ts';
import { wrapped } from './detail-row.ts';
import type { DetailSection } from './detail-rows.ts';

/**
 * Why the job runs, waits or does not run, as `get_job` explains it; until that is there, what its state means. What
 * became of the last run stands with that.
 */
export const whyRows: DetailSection = ({ row, detail: { told, failure }, now, timezone, columns }) => {
  if (row.error !== null) return [];
  if (told === null)
    return failure === null
      ? wrapped(meaningOf(row.state), columns, 'faint')
      : wrapped(failure.message, columns, 'bad');
  const zone = row.definition?.schedule.timezone ?? timezone;
  const [first = '', ...others] = told.job.explanation.map((line) => withDateWords(line, now, zone));
  const last = row.last?.runId;
  return [
    ...wrapped(first, columns),
    ...others
      .filter((line) => last === undefined || !line.includes(last))
      .flatMap((line) => wrapped(line, columns, 'faint')),
    ...told.preview.warnings
      .filter((line) => !told.job.explanation.includes(line))
      .flatMap((line) => wrapped(line, columns, 'warning')),
  ];
};
