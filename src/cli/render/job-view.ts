import type { FormatHint } from '../../core/lib/hints.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { formatNotify, type NotifyEntry } from '../../core/model/notify-events.ts';
import { formatParams, type ParamValues } from '../../core/model/params.ts';
import { describeFailures } from '../../core/model/streak.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { JobSchedule } from '../../core/schedule/job-schedule.ts';
import { formatRelativeTime, formatShortRelativeTime, formatTimestamp } from './format.ts';
import { runTable, statusColor } from './run-view.ts';
import { renderFields, renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type Summary = OperationOutput<'list_jobs'>['jobs'][number];
type JobAnswer = OperationOutput<'get_job'>;

/** The job table: what `quickscrape job list` prints. */
export function jobTable(jobs: readonly Summary[], terminal: Terminal, now: number): string {
  const { colors } = terminal;
  const table = renderTable(
    [
      {
        title: 'JOB',
        value: (job) => (job.callback_failure === null ? job.job_id : `! ${job.job_id}`),
        paint: (text, job) => (job.callback_failure === null ? text : colors.red(text)),
      },
      { title: 'CONFIG', value: (job) => job.config_name ?? '-', flexible: true, drop: 3 },
      { title: 'SCHEDULE', value: (job) => job.schedule ?? job.error ?? '-', flexible: true, drop: 4 },
      {
        title: 'STATUS',
        value: statusLabel,
        drop: 6,
        paint: (text, job) => statusColor(colors, statusLabel(job))(text),
      },
      {
        title: 'LAST RUN',
        value: (job) => formatTimestamp(job.last_run),
        short: (job) => formatShortRelativeTime(job.last_run, now),
        drop: 2,
      },
      {
        title: 'NEXT RUN',
        value: (job) => formatTimestamp(job.next_run),
        short: (job) => formatShortRelativeTime(job.next_run, now),
        drop: 5,
      },
      { title: 'TAGS', value: (job) => job.tags.join(', '), flexible: true, drop: 1 },
    ],
    jobs,
    terminal,
  );
  // Repeated in full, because a truncated cell may hide the position of the error.
  const faults = jobs.flatMap((job) => (job.error === null ? [] : [colors.red(sanitizeText(job.error))]));
  const undeliveredAlerts = jobs.flatMap(({ job_id, callback_failure }) =>
    callback_failure === null
      ? []
      : [colors.red(sanitizeText(`! ${job_id}: its last alert did not go out (${callback_failure})`))],
  );
  return [table, ...faults, ...undeliveredAlerts].join('\n');
}

/** Formats one job in full, with its next runs and its history. @param warnings of its newest run */
export function jobDetails(
  { job, paused, callback_failure, next_runs, recent_runs, explanation }: JobAnswer,
  warnings: readonly string[],
  { out: terminal, formatHint }: { out: Terminal; formatHint: FormatHint },
  now: number,
): string {
  const { colors } = terminal;
  const { id, status, enabled, next_run, last_run, schedule, ...others } = job;
  const notify = others['notify'] as readonly NotifyEntry[] | null;
  const params = others['params'] as ParamValues | null;
  const rest = {
    ...others,
    notify: notify === null ? null : formatNotify(notify),
    params: params && formatParams(params),
  };
  const fields = renderFields(
    [
      ['job', id, colors.bold],
      ['status', `${formatJobStatus(status)}${enabled ? '' : ' (disabled)'}`, statusColor(colors, status)],
      ...(paused === null ? [] : [['paused', describePause(paused, id, formatHint), colors.yellow] as const]),
      ...(callback_failure === null
        ? []
        : [['alert', `did not go out: ${callback_failure}`, colors.red] as const]),
      ['schedule', JobSchedule.fromDict(schedule).describe()],
      [
        'next run',
        next_run === null ? '-' : `${formatTimestamp(next_run)} (${formatRelativeTime(next_run, now)})`,
      ],
      [
        'last run',
        last_run === null ? '-' : `${formatTimestamp(last_run)} (${formatRelativeTime(last_run, now)})`,
      ],
      ...Object.entries(rest).map(
        ([name, value]) =>
          [name, name.endsWith('_at') ? formatTimestamp(value as string) : formatFieldValue(value)] as const,
      ),
    ],
    terminal,
  );
  const upcoming = next_runs.map((at) => `  ${formatTimestamp(at)} (${formatRelativeTime(at, now)})`);
  return [
    ...explanation.map((line, index) => (index === 0 ? colors.bold(sanitizeText(line)) : sanitizeText(line))),
    '',
    fields,
    ...(upcoming.length > 0 ? ['', colors.bold('Next runs'), ...upcoming] : []),
    ...(recent_runs.length > 0 ? ['', colors.bold('Recent runs'), runTable(recent_runs, terminal)] : []),
    ...(warnings.length > 0 ? ['', colors.bold('Warnings of the last run')] : []),
    ...warnings.map((text) => `  ${colors.yellow(sanitizeText(text))}`),
  ].join('\n');
}

function statusLabel(job: Summary): string {
  if (job.status === 'invalid') return job.status;
  if (!job.enabled) return 'disabled';
  return job.paused === null ? formatJobStatus(job.status) : 'paused';
}

/** A job's status in the words of its last run: the wire value `completed` means that it succeeded. */
function formatJobStatus(status: string): string {
  return status === 'completed' ? 'succeeded' : status;
}

function describePause(
  { since, failures }: NonNullable<JobAnswer['paused']>,
  id: string,
  formatHint: FormatHint,
): string {
  return `since ${formatTimestamp(since)}, after ${describeFailures(failures)}; ${formatHint({ id: 'resume_job', job: id })}`;
}

function formatFieldValue(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
