import type { Command } from 'commander';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import type { CommandContext } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { resolveJobId } from './resolve-ids.ts';

export function jobShow(): Command {
  const command = leafCommand('show <job>', {
    description:
      'Show a job in full: why it runs or does not, its next and its recent runs, and what the last one warned of.',
    json: 'get_job: { job, paused, callback_failure, next_runs, explanation, recent_runs }',
    examples: [['job show news', 'the unique beginning of an id is enough']],
  });
  return onCommand<[string], object>(command, async (context, [job]) => {
    const answer = await context.invoke('get_job', { job_id: await resolveJobId(context, job) });
    await context.print(answer, async () => {
      const { jobDetails } = await import('../../render/job-view.ts');
      return jobDetails(answer, await lastWarnings(context, answer), context.out, Date.now());
    });
  });
}

/** What the newest run warned of; nothing when there is none. */
async function lastWarnings(
  context: CommandContext,
  { recent_runs: [last] }: OperationOutput<'get_job'>,
): Promise<string[]> {
  if (last === undefined) return [];
  const asked = { run_id: last.run_id, log_lines: 0, sample_items: 0 };
  return (await context.invoke('get_run', asked)).warnings;
}
