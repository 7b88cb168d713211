import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';

export function schedulerRun(): Command {
  const command = leafCommand('run', {
    description:
      'Run the scheduler in the foreground, for systemd, launchd and containers. Logs go to stderr. SIGTERM lets active runs finish; a second one ends it at once, and its runs go on.',
    json: 'nothing: its log is on stderr',
    examples: [['scheduler run', 'what the service file of scheduler unit starts']],
  });
  return onCommand<[], object>(command, async (context) => {
    const { runInForeground } = await import('./run-in-foreground.ts');
    return runInForeground(context);
  });
}
