import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { formatRelativeTime, formatShortTimestamp, formatTimestamp } from './format.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Formats a schedule preview: a description, its next instants, and their special cases. */
export function formatSchedulePreview(
  { description, next_runs, notes, warnings }: OperationOutput<'preview_schedule'>,
  { colors }: Terminal,
  now: number,
): string {
  return [
    colors.bold(description),
    ...next_runs.map((at) => `  ${formatTimestamp(at)} (${formatRelativeTime(at, now)})`),
    ...(next_runs.length === 0 ? ['  no further runs'] : []),
    ...notes.map((note) => `${colors.yellow(note.kind)} ${note.text}`),
    ...warnings.map((warning) => `${colors.red('warning')} ${warning}`),
  ].join('\n');
}

type Forecast = OperationOutput<'forecast_runs'>;

/** How many collisions are listed. */
const MAX_COLLISIONS = 10;

/** Formats the upcoming starts by hour, without empty hours, and marks where there are too many at once. */
export function formatForecast(forecast: Forecast, terminal: Terminal): string {
  const { colors } = terminal;
  const { occurrences, total, busiest, collisions, collisions_total, skipped, warnings } = forecast;
  const hiddenRuns = total - occurrences.length;
  return [
    colors.bold(
      `${pluralize(total, 'run')} of ${pluralize(forecast.jobs, 'job')} until ${formatTimestamp(forecast.until)}`,
    ),
    ...(busiest === null || total === 1
      ? []
      : [`busiest hour ${formatTimestamp(busiest.hour)}: ${pluralize(busiest.runs, 'run')}`]),
    ...(occurrences.length > 0 ? ['', occurrenceTable(occurrences, terminal)] : []),
    ...(hiddenRuns > 0 ? [`… and ${pluralize(hiddenRuns, 'more run', 'more runs')}`] : []),
    ...skipped.map(({ job_id, text }) => `${colors.yellow('skipped')} ${job_id}: ${text}`),
    ...collisions
      .slice(0, MAX_COLLISIONS)
      .map(({ at, text }) => `${colors.yellow('collision')} ${formatTimestamp(at)}: ${sanitizeText(text)}`),
    ...(collisions_total > MAX_COLLISIONS
      ? [`… and ${pluralize(collisions_total - MAX_COLLISIONS, 'more collision')}; stagger spreads jobs out`]
      : []),
    ...warnings.map((warning) => `${colors.red('warning')} ${warning}`),
  ].join('\n');
}

function occurrenceTable(occurrences: Forecast['occurrences'], terminal: Terminal): string {
  return renderTable(
    [
      {
        title: 'STARTS',
        value: (run) => formatTimestamp(run.starts_at),
        short: (run) => formatShortTimestamp(run.starts_at),
      },
      { title: 'JOB', value: (run) => run.job_id },
      { title: 'CONFIG', value: (run) => run.config_name, flexible: true, drop: 2 },
      { title: 'HOST', value: (run) => run.host ?? '-', flexible: true, drop: 3 },
      {
        title: 'NOTE',
        value: (run) => run.notes.map(({ kind, text }) => `${kind}: ${text}`).join('; '),
        flexible: true,
        drop: 1,
      },
    ],
    occurrences,
    terminal,
  );
}
