import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../define-command.ts';

export function jobRestore(): Command {
  const command = leafCommand('restore <job>', {
    description: 'Bring a deleted job back from the trash, with its history. Takes the whole id.',
    json: 'restore_job: { job }',
    examples: [['job restore old-news', 'as it was when it was deleted']],
  });
  return onCommand<[string], object>(command, async (context, [job]) => {
    const answer = await context.call('restore_job', { job_id: job });
    await context.print(answer, () => `Restored job ${answer.job.id}`);
  });
}
