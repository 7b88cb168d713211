import { MINUTE_MS } from '../../core/lib/clock.ts';
import { formatDuration } from '../../core/lib/format-duration.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import type { Terminal } from './terminal.ts';

/** Explains why a job has no next run. */
export function describeNoNextRun({ enabled, schedule }: OperationOutput<'get_job'>['job']): string {
  const why = !enabled
    ? 'It is disabled'
    : schedule.type === 'once'
      ? `Its time, ${schedule['date']} ${schedule['time']} ${schedule['timezone']}, has passed`
      : 'Its schedule is never due';
  return `${why}: it will not run by itself.`;
}

/** `2026-11-25 09:00 +01:00` for an RFC 3339 instant; `-` for none. Seconds appear only if they are not zero. */
export function formatTimestamp(instant: string | null): string {
  if (instant === null) return '-';
  const seconds = instant.slice(17, 19);
  const offset = instant.slice(23);
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)}${seconds === '00' ? '' : `:${seconds}`} ${offset === '+00:00' ? 'UTC' : offset}`;
}

/** `in 3 h`, `12 min ago`: the time between an instant and now. */
export function formatRelativeTime(instant: string, now: number): string {
  const ms = Date.parse(instant) - now;
  return ms >= 0 ? `in ${formatDuration(ms)}` : `${formatDuration(-ms)} ago`;
}

/** `11-25 09:00`: an instant without year and zone, for narrow columns; `-` for none. */
export function formatShortTimestamp(instant: string | null): string {
  return instant === null ? '-' : `${instant.slice(5, 10)} ${instant.slice(11, 16)}`;
}

/** `in 7 h`, `3 d ago`: the time between an instant and now, in its largest unit; `-` for none. */
export function formatShortRelativeTime(instant: string | null, now: number): string {
  if (instant === null) return '-';
  const ms = Date.parse(instant) - now;
  const minutes = Math.abs(ms) / MINUTE_MS;
  const amount =
    minutes < 1
      ? `${Math.floor(minutes * 60)} s`
      : minutes < 60
        ? `${Math.floor(minutes)} min`
        : minutes < 2880
          ? `${Math.floor(minutes / 60)} h`
          : `${Math.floor(minutes / 1440)} d`;
  return ms >= 0 ? `in ${amount}` : `${amount} ago`;
}

/**
 * Formats the scheduler's state in a few lines.
 * @param context its `command` completes a command for a hint
 */
export function formatSchedulerStatus(
  status: OperationOutput<'get_scheduler'>,
  context: { out: Terminal; command(line: string): string },
  now: number,
): string {
  const { running, pid, uptime_s, slots, queued, running_runs, jobs, enabled, next_run, version } = status;
  const { colors } = context.out;
  const first = running
    ? `${colors.green('running')} pid ${pid}, for ${formatDuration(Math.max(1, uptime_s ?? 0) * 1000)}, version ${version}`
    : `${colors.yellow('not running')} start it with: ${context.command('scheduler start --daemon')}`;
  const next =
    next_run === null ? 'none' : `${formatTimestamp(next_run)} (${formatRelativeTime(next_run, now)})`;
  const warnings = [...describeWrongZone(status, context.command('doctor')), ...status.warnings];
  return [
    first,
    `jobs     ${jobs}, ${enabled} enabled`,
    `runs     ${running_runs} of ${pluralize(slots, 'slot')} in use, ${queued} waiting`,
    `next     ${next}`,
    ...formatExecutor(status.executor),
    ...warnings.map((warning) => `${colors.red('warning')}  ${sanitizeText(warning)}`),
  ].join('\n');
}

/** One line for Redis and one a worker; nothing while this machine executes all runs. */
function formatExecutor({
  kind,
  redis,
  redis_since,
  workers,
}: OperationOutput<'get_scheduler'>['executor']): string[] {
  if (kind === 'local') return [];
  const since = redis_since === null ? '' : ` since ${formatTimestamp(redis_since)}`;
  return [
    `redis    ${redis === null ? 'not in use' : `${redis}${since}`}`,
    ...workers.map(
      ({ name, state, running, slots }) =>
        `worker   ${name} ${state}, ${running} of ${pluralize(slots, 'slot')} in use`,
    ),
  ];
}

/** Wrong data matter here only for this machine's time zone. `doctor` checks the zones of the jobs. */
function describeWrongZone(
  { time_zone_data }: OperationOutput<'get_scheduler'>,
  doctorCommand: string,
): string[] {
  const { version, wrong_zones: wrongZones } = time_zone_data;
  if (wrongZones.length === 0) return [];
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return wrongZones.includes(timeZone)
    ? [
        `Node's time zone data ${version} are wrong for this machine's zone, ${timeZone}: see ${doctorCommand}`,
      ]
    : [];
}
