import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { stopScheduler } from './stop-scheduler.ts';

export function schedulerStop(): Command {
  const command = leafCommand('stop', {
    description: 'Stop the scheduler. It waits for active runs; --force cancels them.',
    json: 'stop_scheduler: { running, pid, since, jobs, enabled, … }',
    examples: [['scheduler stop --force', 'do not wait: cancel what runs']],
  }).option('--force', 'cancel active runs instead of waiting for them');
  return onCommand<[], { force?: boolean }>(command, async (context, _args, { force = false }) => {
    const answer = await stopScheduler(context, force);
    await context.print(answer, () =>
      answer.running ? 'The scheduler stops when its runs are over.' : 'The scheduler has stopped.',
    );
  });
}
