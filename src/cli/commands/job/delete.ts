import type { Command } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { type CommandContext, canPrompt, confirm, resolveJobId } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { EXIT } from '../../context/exit-codes.ts';
import { formatTimestamp } from '../../render/format.ts';
import { renderTable } from '../../render/table.ts';

export function jobRestore(): Command {
  const command = leafCommand('restore [job]', {
    overSsh: true,
    description:
      'Restore a deleted job from the trash, with its history and its state. A paused job stays paused. Takes the whole id; without one, lists the trash.',
    json: 'restore_job: { job, warnings }; without an id { deleted }: each with job_id and deleted_at, the latest first',
    examples: [
      ['job restore', 'what is in the trash'],
      ['job restore old-news', 'as it was when it was deleted'],
    ],
  });
  return onCommand<[string | undefined], object>(command, async (context, [job]) => {
    if (job === undefined) return listTrash(context);
    const answer = await context.call('restore_job', { job_id: job });
    await context.print(answer, () => [`Restored job ${answer.job.id}`, ...answer.warnings].join('\n'));
  });
}

async function listTrashedJobs(context: CommandContext) {
  if (context.isRemote) {
    const { deleted } = await context.call('list_trash', { limit: 1000 });
    return deleted
      .filter(({ kind }) => kind === 'job')
      .map(({ name, deleted_at }) => ({ job_id: name, deleted_at }));
  }
  const { Trash } = await import('../../../core/trash/trash.ts');
  const { formatInstant } = await import('../../../core/schedule/engine/instant.ts');
  const { paths, settings } = await context.workspace();
  return new Trash(paths.trash).list().map(({ id, deletedAt }) => ({
    job_id: id,
    deleted_at: formatInstant(deletedAt, settings.get('timezone')),
  }));
}

async function listTrash(context: CommandContext): Promise<void> {
  const deleted = await listTrashedJobs(context);
  await context.print({ deleted }, () => {
    if (deleted.length === 0) return '';
    return renderTable(
      [
        { title: 'JOB', value: (one) => one.job_id },
        { title: 'DELETED', value: (one) => formatTimestamp(one.deleted_at), drop: 1 },
      ],
      deleted,
      context.out,
    );
  });
  if (deleted.length === 0 && context.globals.format === 'table') context.printMessage('The trash is empty.');
}

export function jobDelete(): Command {
  const command = leafCommand('delete <job>', {
    overSsh: true,
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
      throw new QuickscrapeError(
        'invalid_params',
        `job ${jobId} was not deleted: there is no terminal to confirm on`,
        {
          field: 'force',
          hint: `Add --force: ${context.command(`job delete ${jobId} --force`)}`,
        },
      );
    }
    if (!force && !(await confirm(context, `Delete job ${jobId}?`))) {
      context.printMessage(`Job ${jobId} was not deleted.`);
      return context.interrupt.code ?? EXIT.failed;
    }
    const answer = await context.call('delete_job', { job_id: jobId });
    await context.print(
      answer,
      () => `Deleted job ${jobId}. Bring it back with: ${context.command(`job restore ${jobId}`)}`,
    );
    return EXIT.done;
  });
}
