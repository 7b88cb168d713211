import { type Command, Option } from 'commander';
import { pluralize } from '../../../core/lib/pluralize.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';

interface Flags {
  status?: 'pending' | 'running' | 'completed' | 'failed' | 'invalid';
  config?: string;
  tag?: string;
  query?: string;
  limit?: number;
}

export function jobList(): Command {
  const command = leafCommand('list', {
    description: 'List the jobs with their schedule, status, last and next run.',
    json: 'list_jobs: { jobs, total, next_cursor? }',
    examples: [
      ['job list --status failed', 'what needs a look'],
      ["job list --json | jq -r '.jobs[].job_id'", 'ids for a script'],
    ],
  })
    .addOption(
      new Option('--status <status>', 'only these').choices([
        'pending',
        'running',
        'completed',
        'failed',
        'invalid',
      ]),
    )
    .option('--config <name>', 'only jobs of this configuration')
    .option('--tag <tag>', 'only jobs with this tag')
    .option('--query <text>', 'only jobs with this text in id, configuration, description or tags')
    .option('--limit <n>', 'at most this many (default 1000)', integerParser(1, 1000));
  return onCommand<[], Flags>(command, async (context, _args, { status, config, tag, query, limit }) => {
    const answer = await context.invoke('list_jobs', {
      ...(status !== undefined && { status }),
      ...(config !== undefined && { config_name: config }),
      ...(tag !== undefined && { tag }),
      ...(query !== undefined && { query }),
      limit: limit ?? 1000,
    });
    await context.print(answer, async () => {
      const { jobTable } = await import('../../render/job-view.ts');
      return answer.jobs.length === 0 ? '' : jobTable(answer.jobs, context.out, Date.now());
    });
    if (context.globals.format !== 'table') return;
    if (answer.total === 0) {
      const filtered = [status, config, tag, query].some((filter) => filter !== undefined);
      context.printMessage(
        filtered
          ? 'No job matches.'
          : 'No jobs yet. Create one with: quickscrape job create --config NAME --schedule daily --at 09:00',
      );
    } else if (answer.jobs.length < answer.total) {
      context.printMessage(
        `${pluralize(answer.total - answer.jobs.length, 'more job')}; raise --limit to see them.`,
      );
    }
  });
}
