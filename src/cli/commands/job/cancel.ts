import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';

export function jobCancel(): Command {
  const command = leafCommand('cancel <run>', {
    description: 'Stop a run that is queued, running or waiting for a retry.',
    json: 'cancel_run: { run }',
    examples: [['job cancel k3f9', 'its id is in: quickscrape job history JOB']],
  });
  return onCommand<[string], object>(command, async (context, [run]) => {
    const { isActive } = await import('../../../core/model/run-record.ts');
    const { runId, status } = (await context.workspace()).runs.find(run);
    const answer = await context.call('cancel_run', { run_id: runId });
    await context.print(answer, () => {
      if (!isActive(status)) return `Run ${runId} was over already: ${status}`;
      return answer.run.status === 'cancelled'
        ? `Cancelled run ${runId}`
        : `Run ${runId} ended before it could be cancelled: ${answer.run.status}`;
    });
  });
}
