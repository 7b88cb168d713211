import { countWords } from '../core/count-words.ts';
import type { OperationOutput } from '../core/operations/call-operation.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';
import { instantWords, shortInstant } from './words.ts';

type Forecast = OperationOutput<'forecast_runs'>;

/** How many of the collisions are written out. */
const COLLISIONS = 10;

/** What is going to start, hour by hour where there is something, and where it is too much at once. */
export function forecastText(forecast: Forecast, terminal: Terminal): string {
  const { colors } = terminal;
  const { occurrences, total, busiest, collisions, collisions_total, skipped, warnings } = forecast;
  const left = total - occurrences.length;
  return [
    colors.bold(
      `${countWords(total, 'run')} of ${countWords(forecast.jobs, 'job')} until ${instantWords(forecast.until)}`,
    ),
    ...(busiest === null || total === 1
      ? []
      : [`busiest hour ${instantWords(busiest.hour)}: ${countWords(busiest.runs, 'run')}`]),
    ...(occurrences.length > 0 ? ['', runTable(occurrences, terminal)] : []),
    ...(left > 0 ? [`… and ${countWords(left, 'more run', 'more runs')}`] : []),
    ...skipped.map(({ job_id, text }) => `${colors.yellow('skipped')} ${job_id}: ${text}`),
    ...collisions
      .slice(0, COLLISIONS)
      .map(({ at, text }) => `${colors.yellow('collision')} ${instantWords(at)}: ${visibleText(text)}`),
    ...(collisions_total > COLLISIONS
      ? [`… and ${countWords(collisions_total - COLLISIONS, 'more collision')}; stagger spreads jobs out`]
      : []),
    ...warnings.map((warning) => `${colors.red('warning')} ${warning}`),
  ].join('\n');
}

function runTable(occurrences: Forecast['occurrences'], terminal: Terminal): string {
  return renderTable(
    [
      {
        title: 'STARTS',
        value: (run) => instantWords(run.starts_at),
        short: (run) => shortInstant(run.starts_at),
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
