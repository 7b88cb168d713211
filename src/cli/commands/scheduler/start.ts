import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { formatSchedulerStatus } from '../../render/format-scheduler-status.ts';

export function schedulerStart(): Command {
  const command = leafCommand('start', {
    description:
      'Start the scheduler: in this terminal until Ctrl-C, or in the background with --daemon. A second one on the same home is refused.',
    json: 'with --daemon start_scheduler: { running, pid, since, jobs, enabled, … }; else nothing',
    examples: [
      ['scheduler start --daemon', 'in the background; it logs to scheduler.log'],
      ['scheduler start', 'here, with its log on the screen'],
    ],
  }).option('--daemon', 'in the background');
  return onCommand<[], { daemon?: boolean }>(command, async (context, _args, { daemon }) => {
    await context.workspace('make');
    if (!daemon) {
      const { runInForeground } = await import('./run-in-foreground.ts');
      return runInForeground(context);
    }
    const answer = await context.call('start_scheduler', {});
    await context.print(answer, () => formatSchedulerStatus(answer, context.out, Date.now()));
    return 0;
  });
}
