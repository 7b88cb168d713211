import type { Command } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { canPrompt, confirm } from '../../context/confirm.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { EXIT } from '../../context/exit-codes.ts';
import { resolveJobId } from './resolve-ids.ts';

export function jobDelete(): Command {
  const command = leafCommand('delete <job>', {
    description:
      'Delete a job. It stays in the trash for 30 days, with its history. Asks first on a terminal.',
    json: 'delete_job: { deleted }',
    examples: [
      ['job delete old-news', 'asks, then deletes'],
      ['job delete old-news --force', 'without asking, as scripts must'],
      ['job restore old-news', 'brings it back'],
    ],
  }).option('--force', 'do not ask');
  return onCommand<[string], { force?: boolean }>(command, async (context, [job], { force }) => {
    const jobId = await resolveJobId(context, job);
    if (!force && !canPrompt(context)) {
      throw new QuickscrapeError('invalid_params', `job ${jobId} was not deleted: nobody can be asked here`, {
        field: 'force',
        hint: `Add --force: quickscrape job delete ${jobId} --force`,
      });
    }
    if (!force && !(await confirm(context, `Delete job ${jobId}?`))) {
      context.printMessage(`Job ${jobId} was not deleted.`);
      return context.interrupt.code ?? EXIT.failed;
    }
    const answer = await context.call('delete_job', { job_id: jobId });
    await context.print(
      answer,
      () => `Deleted job ${jobId}. Bring it back with: quickscrape job restore ${jobId}`,
    );
    return EXIT.done;
  });
}
