import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../define-command.ts';
import { jobIdOf } from '../../ids.ts';

export function jobShow(): Command {
  const command = leafCommand('show <job>', {
    description: 'Show a job in full: why it runs or does not, its next and its recent runs.',
    json: 'get_job: { job, paused, next_runs, explanation, recent_runs }',
    examples: [['job show news', 'the unique beginning of an id is enough']],
  });
  return onCommand<[string], object>(command, async (context, [job]) => {
    const answer = await context.call('get_job', { job_id: await jobIdOf(context, job) });
    await context.print(answer, async () => {
      const { jobDetails } = await import('../../job-view.ts');
      return jobDetails(answer, context.out, Date.now());
    });
  });
}
