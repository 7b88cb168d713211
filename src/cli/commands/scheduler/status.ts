import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { formatSchedulerStatus } from '../../render/format-scheduler-status.ts';

export function schedulerStatusCommand(): Command {
  const command = leafCommand('status', {
    description: 'Show the scheduler’s status, active runs and next runs.',
    json: 'get_scheduler: { running, pid, since, jobs, enabled, queued, running_runs, slots, next_run, uptime_s, version, held, time_zone_data, warnings }',
    examples: [['scheduler status --json | jq .running', 'for a script']],
  });
  return onCommand<[], object>(command, async (context) => {
    const answer = await context.invoke('get_scheduler', {});
    await context.print(answer, () => formatSchedulerStatus(answer, context.out, Date.now()));
  });
}
