import type { Command } from 'commander';
import type { CommandContext } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { formatTimestamp } from '../../render/format.ts';
import { renderTable } from '../../render/table.ts';

export function jobRestore(): Command {
  const command = leafCommand('restore [job]', {
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
  const { Trash } = await import('../../../core/trash/trash.ts');
  return new Trash((await context.workspace()).paths.trash).list();
}

async function listTrash(context: CommandContext): Promise<void> {
  const { formatInstant } = await import('../../../core/schedule/engine/instant.ts');
  const timeZone = (await context.workspace()).settings.get('timezone');
  const deleted = (await listTrashedJobs(context)).map(({ id, deletedAt }) => ({
    job_id: id,
    deleted_at: formatInstant(deletedAt, timeZone),
  }));
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
