import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { formatSchedulerStatus } from '../../render/format-scheduler-status.ts';
import { stopOlderScheduler, stopScheduler } from './stop-scheduler.ts';

export function schedulerRestart(): Command {
  const command = leafCommand('restart', {
    description: 'Stop the scheduler, if it runs, and start it in the background.',
    json: 'start_scheduler: { running, pid, since, jobs, enabled, … }',
    examples: [['scheduler restart', 'after an update, or for another max_concurrent_runs']],
  }).option('--force', 'cancel active runs instead of waiting for them');
  return onCommand<[], { force?: boolean }>(command, async (context, _args, { force = false }) => {
    await stopOlderScheduler(context, force);
    const { running } = await context.call('get_scheduler', {});
    if (running) await stopScheduler(context, force);
    if (context.interrupt.code !== undefined) return context.interrupt.code;
    const answer = await context.call('start_scheduler', {});
    await context.print(answer, () => formatSchedulerStatus(answer, context.out, Date.now()));
    return 0;
  });
}
