import type { Command } from 'commander';
import { formatCommandHint } from '../../../core/lib/hints.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';
import { resolveJobId } from './resolve-ids.ts';

export function jobNext(): Command {
  const command = leafCommand('next <job>', {
    description:
      'Show when a job is due next, and what shifts its runs. A disabled job is shown as if it were enabled.',
    json: 'preview_schedule: { description, timezone, next_runs, notes, warnings }',
    examples: [
      ['job next news --count 10', 'the next ten, with what daylight saving and its stagger do to them'],
    ],
  }).option('--count <n>', 'how many (default 5)', integerParser(1, 1000));
  return onCommand<[string], { count?: number }>(command, async (context, [job], { count }) => {
    const { findJob } = await import('../../../core/operations/find-job.ts');
    const jobId = await resolveJobId(context, job);
    const { record, state } = findJob(await context.workspace(), jobId);
    const answer = await context.call('preview_schedule', {
      job_id: jobId,
      ...(count !== undefined && { count }),
    });
    await context.print(answer, async () => {
      const { formatSchedulePreview } = await import('../../render/format-schedule-preview.ts');
      return formatSchedulePreview(answer, context.out, Date.now());
    });
    if (context.globals.format !== 'table') return;
    if (!record.definition.enabled)
      context.printMessage(`Job ${jobId} is disabled: it will not run by itself.`);
    else if (state.pausedAt !== null)
      context.printMessage(
        `Job ${jobId} is paused after failures: it will not run by itself; ${formatCommandHint({ id: 'resume_job', job: jobId })}`,
      );
  });
}
