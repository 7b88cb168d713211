import { formatDuration } from '../../core/lib/format-duration.ts';
import { pluralize } from '../../core/lib/pluralize.ts';
import { sanitizeText } from '../../core/lib/terminal-text.ts';
import type { OperationOutput } from '../../core/operations/call-operation.ts';
import { formatRelativeTime, formatTimestamp } from './format.ts';
import type { Terminal } from './terminal.ts';

/** The scheduler's state in a few lines. */
export function formatSchedulerStatus(
  status: OperationOutput<'get_scheduler'>,
  { colors }: Terminal,
  now: number,
): string {
  const { running, pid, uptime_s, slots, queued, running_runs, jobs, enabled, next_run, version } = status;
  const { time_zone_data: timeZoneData, warnings } = status;
  const wrong = timeZoneData.wrong_zones.length;
  const first = running
    ? `${colors.green('running')} pid ${pid}, for ${formatDuration(Math.max(1, uptime_s ?? 0) * 1000)}, version ${version}`
    : `${colors.yellow('not running')} start it with: quickscrape scheduler start --daemon`;
  const next =
    next_run === null ? 'none' : `${formatTimestamp(next_run)} (${formatRelativeTime(next_run, now)})`;
  return [
    first,
    `jobs     ${jobs}, ${enabled} enabled`,
    `runs     ${running_runs} of ${pluralize(slots, 'slot')} in use, ${queued} waiting`,
    `next     ${next}`,
    `zones    time zone data ${timeZoneData.version}${wrong === 0 ? '' : `, known to be wrong for ${pluralize(wrong, 'zone')}`}`,
    ...warnings.map((warning) => `${colors.red('warning')}  ${sanitizeText(warning)}`),
  ].join('\n');
}
