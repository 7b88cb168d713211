import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../define-command.ts';
import { runIdOf } from '../../ids.ts';

export function jobCancel(): Command {
  const command = leafCommand('cancel <run>', {
    description: 'Stop a run that is queued, running or waiting for a retry.',
    json: 'cancel_run: { run }',
    examples: [['job cancel k3f9', 'its id is in: quickscrape job history JOB']],
  });
  return onCommand<[string], object>(command, async (context, [run]) => {
    const answer = await context.call('cancel_run', { run_id: await runIdOf(context, run) });
    const { run_id: runId, status } = answer.run;
    await context.print(answer, () =>
      status === 'cancelled' ? `Cancelled run ${runId}` : `Run ${runId} was over already: ${status}`,
    );
  });
}
