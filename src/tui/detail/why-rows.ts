import { meaningOf } from '../home/job-states.ts';
import { wrapped } from '../look-row.ts';
import { withKeys } from '../text/remedy-keys.ts';
import { withDateWords } from '../time/date-words.ts';
import type { DetailSection } from './detail-rows.ts';
import { runningOf } from './progress-rows.ts';

/**
 * Why the job runs, waits or does not run, as `get_job` explains it; until that is there, what its state means. What it
 * says of the run under way and of the last one stands with those.
 */
export const whyRows: DetailSection = ({ row, detail: { told, failure }, now, timezone, columns }) => {
  if (row.error !== null) return [];
  if (told === null)
    return failure === null
      ? wrapped(meaningOf(row.state), columns, 'faint')
      : wrapped(failure.message, columns, 'bad');
  const zone = row.definition?.schedule.timezone ?? timezone;
  const runIds = [runningOf(row)?.runId, row.last?.runId].filter((id) => id !== undefined);
  const [first = '', ...others] = told.job.explanation
    .filter((line) => !runIds.some((id) => line.includes(id)))
    .map((line) => withKeys(withDateWords(line, { now, zone, here: timezone })));
  return [
    ...wrapped(first, columns),
    ...others.flatMap((line) => wrapped(line, columns, 'faint')),
    ...told.preview.warnings
      .filter((line) => !told.job.explanation.includes(line))
      .flatMap((line) => wrapped(line, columns, 'warning')),
  ];
};
