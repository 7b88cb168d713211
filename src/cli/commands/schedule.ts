import type { Command } from 'commander';
import { programCommand } from '../../core/lib/installation.ts';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { integerParser } from '../flags/flag-values.ts';
import { addScheduleOptions, type ScheduleFlags, scheduleFromFlags } from '../flags/schedule-flags.ts';

interface Flags extends ScheduleFlags {
  from?: string;
  count?: number;
}

export function schedulePreview(): Command {
  const command = leafCommand('preview', {
    overSsh: true,
    description: 'Preview a schedule, with the effects of daylight saving and short months.',
    json: 'preview_schedule: { description, timezone, next_runs, notes, warnings }',
    examples: [
      ['schedule preview --cron "0 9 * * 1-5" --timezone Europe/Berlin', 'on weekdays at nine in Berlin'],
      [
        'schedule preview --schedule daily --at 02:30 --timezone Europe/Berlin --from 2027-03-27',
        'across the night in which 02:30 does not exist',
      ],
    ],
  });
  addScheduleOptions(command)
    .option('--from <instant>', 'count from this date or RFC 3339 instant (default: now)')
    .option('--count <n>', 'how many (default 5)', integerParser(1, 1000));
  return onCommand<[], Flags>(command, async (context, _args, flags) => {
    const schedule = scheduleFromFlags(flags);
    if (schedule === undefined) {
      const { QuickscrapeError } = await import('../../core/lib/errors.ts');
      throw new QuickscrapeError('invalid_params', 'say which schedule: --schedule or --cron is missing', {
        field: 'schedule',
        hint: `For example: ${programCommand()} schedule preview --cron "0 9 * * 1-5"`,
      });
    }
    const answer = await context.call('preview_schedule', {
      schedule,
      ...(flags.from !== undefined && { from: flags.from }),
      ...(flags.count !== undefined && { count: flags.count }),
    });
    await context.print(answer, async () => {
      const { formatSchedulePreview } = await import('../render/format-forecast.ts');
      return formatSchedulePreview(answer, context.out, Date.now());
    });
  });
}

const DEFAULT_LINES = 20;

export function forecastCommand(): Command {
  const command = leafCommand('forecast', {
    overSsh: true,
    description: 'Forecast upcoming runs, the busiest hour, and hours over the concurrency limit.',
    json: 'forecast_runs: { from, until, jobs, occurrences, total, truncated, skipped, by_hour, busiest, collisions, collisions_total, warnings }',
    examples: [
      ['forecast --hours 168', 'the next week'],
      ['forecast --json | jq .by_hour', 'runs an hour, for a script'],
    ],
  })
    .option('--hours <n>', 'how far ahead (default 24)', integerParser(1, 744))
    .option(
      '--limit <n>',
      `list at most this many runs (default ${DEFAULT_LINES}; with --json 1000)`,
      integerParser(0, 1000),
    );
  return onCommand<[], { hours?: number; limit?: number }>(
    command,
    async (context, _args, { hours, limit }) => {
      const maxRuns = limit ?? (context.globals.format === 'table' ? DEFAULT_LINES : undefined);
      const answer = await context.call('forecast_runs', {
        ...(hours !== undefined && { hours }),
        ...(maxRuns !== undefined && { limit: maxRuns }),
      });
      await context.print(answer, async () => {
        const { formatForecast } = await import('../render/format-forecast.ts');
        return formatForecast(answer, context.out);
      });
    },
  );
}
