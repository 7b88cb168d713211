import { countWords } from '../core/count-words.ts';
import { durationWords } from '../core/duration-words.ts';
import type { OperationOutput } from '../core/operations/call-operation.ts';
import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';
import { distanceWords, instantWords } from './words.ts';

/** The scheduler's state in a few lines. */
export function schedulerText(
  status: OperationOutput<'get_scheduler'>,
  { colors }: Terminal,
  now: number,
): string {
  const { running, pid, uptime_s, slots, queued, running_runs, jobs, enabled, next_run, version } = status;
  const { time_zone_data: zones, warnings } = status;
  const wrong = zones.wrong_zones.length;
  const first = running
    ? `${colors.green('running')} pid ${pid}, for ${durationWords(Math.max(1, uptime_s ?? 0) * 1000)}, version ${version}`
    : `${colors.yellow('not running')} start it with: quickscrape scheduler start --daemon`;
  const next = next_run === null ? 'none' : `${instantWords(next_run)} (${distanceWords(next_run, now)})`;
  return [
    first,
    `jobs     ${jobs}, ${enabled} enabled`,
    `runs     ${running_runs} of ${countWords(slots, 'slot')} in use, ${queued} waiting`,
    `next     ${next}`,
    `zones    time zone data ${zones.version}${wrong === 0 ? '' : `, known to be wrong for ${countWords(wrong, 'zone')}`}`,
    ...warnings.map((warning) => `${colors.red('warning')}  ${visibleText(warning)}`),
  ].join('\n');
}
