import type { Command } from 'commander';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { integerParser } from '../flags/flag-values.ts';

const DEFAULT_LINES = 20;

export function forecastCommand(): Command {
  const command = leafCommand('forecast', {
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
