import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { resolveJobId } from './resolve-ids.ts';

export function jobClone(): Command {
  const command = leafCommand('clone <job> <new-id>', {
    description: 'Make a new job with the fields of another, under a new id. The copy starts disabled.',
    json: 'create_job: { job, created, next_runs, warnings }',
    examples: [
      ['job clone news news-evening', 'then: quickscrape job update news-evening --at 18:00 --enable'],
      ['job clone news news-2 --enabled', 'runs by the same schedule at once'],
    ],
  }).option('--enabled', 'let it run by its schedule at once, if the original does');
  return onCommand<[string, string], { enabled?: boolean }>(command, async (context, [job, newId], flags) => {
    const [{ findJob }, { jobExists }] = await Promise.all([
      import('../../../core/operations/find-job.ts'),
      import('../../../core/jobs/job-errors.ts'),
    ]);
    const workspace = await context.workspace();
    const { definition } = findJob(workspace, await resolveJobId(context, job)).record;
    if (workspace.jobs.get(newId) !== undefined) throw jobExists(newId);
    const answer = await context.call('create_job', {
      ...structuredClone(definition),
      enabled: flags.enabled === true && definition.enabled,
      job_id: newId,
    });
    await context.print(answer, () => {
      const disabledNote = answer.job.enabled
        ? ''
        : `\nIt is disabled. Let it run with: quickscrape job update ${newId} --enable`;
      return `Created job ${newId} as a copy of ${job}${disabledNote}`;
    });
    if (context.globals.format === 'table')
      for (const warning of answer.warnings) context.printMessage(warning);
  });
}
