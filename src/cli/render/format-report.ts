import { formatDuration } from '../../core/lib/format-duration.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { formatShare } from './report/report-words.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type Report = OperationOutput<'get_report'>;
type Job = Report['jobs'][number];

/** More jobs are counted: the page has all of them. */
const MAX_JOBS = 20;

/** A report for the terminal: how the home is, the jobs that need a look first, and why the worst fail. */
export function formatReport(report: Report, terminal: Terminal): string {
  const { colors } = terminal;
  const { level, headline, since, notes, jobs, days, totals, failures_total } = report;
  const paint = { good: colors.green, warning: colors.yellow, bad: colors.red }[level];
  const more = jobs.length - MAX_JOBS;
  const runs = totals.succeeded + totals.failed + totals.cancelled;
  return [
    paint(
      colors.bold(
        `${headline}${since === null ? '' : `, ${failures_total === 1 ? '' : 'the first '}since ${shortTime(since)}`}`,
      ),
    ),
    ...notes,
    `The last ${pluralize(days, 'day')}: ${pluralize(runs, 'run')}, ${pluralize(totals.items, 'item')}, ${pluralize(totals.changed_jobs, 'job')} with changes`,
    ...(jobs.length === 0 ? [] : ['', jobTable(jobs.slice(0, MAX_JOBS), terminal)]),
    ...(more > 0 ? [`and ${pluralize(more, 'more job')}; --html has all`] : []),
    ...describeFailures(report),
  ].join('\n');
}

function jobTable(jobs: readonly Job[], terminal: Terminal): string {
  const { colors } = terminal;
  return renderTable<Job>(
    [
      { title: 'JOB', value: ({ job_id }) => job_id, flexible: true },
      {
        title: 'STATE',
        value: ({ condition }) => condition,
        paint: (text, { condition }) => {
          if (condition === 'well') return colors.green(text);
          if (condition === 'incomplete') return colors.yellow(text);
          return condition === 'new' || condition === 'disabled' ? colors.dim(text) : colors.red(text);
        },
      },
      {
        title: 'SUCCESS',
        value: ({ success_rate }) => (success_rate === null ? '-' : formatShare(success_rate)),
        align: 'right',
      },
      {
        title: 'RUNS',
        value: ({ succeeded, failed, cancelled }) => String(succeeded + failed + cancelled),
        align: 'right',
        drop: 2,
      },
      { title: 'ITEMS', value: ({ last }) => String(last?.items ?? '-'), align: 'right', drop: 3 },
      {
        title: 'TOOK',
        value: ({ last }) => formatDuration(last?.duration_ms ?? null),
        align: 'right',
        drop: 1,
      },
      { title: 'LAST RUN', value: ({ last }) => shortTime(last?.at ?? null), drop: 4 },
      { title: 'NEXT', value: ({ next_run }) => shortTime(next_run), drop: 0 },
    ],
    jobs,
    terminal,
  );
}

function describeFailures({ failures }: Report): string[] {
  return failures.flatMap(({ job_id, explanation, error }) => [
    '',
    `${job_id}:`,
    ...(explanation.length > 0 ? explanation : [error?.message ?? 'it failed']).map(
      (sentence) => `  ${sanitizeText(sentence)}`,
    ),
  ]);
}

/** `2026-11-30 09:00` of an RFC 3339 instant. */
function shortTime(instant: string | null): string {
  return instant === null ? '-' : instant.slice(0, 16).replace('T', ' ');
}
