import type { Command } from 'commander';
import { leafCommand, onCommand } from '../define-command.ts';
import { canShowScreens } from '../terminal.ts';

export function demoCommand(): Command {
  const command = leafCommand('demo', {
    description:
      'Show it at work on a bookshop of 1,000 books served on this machine: a configuration, two scheduled jobs, the scheduler, and the dashboard on it. In a temporary folder unless --home is given.',
    json: 'with --once { home, run, sample }: the run and its first rows; else nothing',
    examples: [
      ['demo', 'watch jobs run in the dashboard; q leaves it and stops everything'],
      ['demo --once', 'one run, its first rows and its file'],
    ],
  }).option('--once', 'run one job and end (also when there is no terminal)');
  return onCommand<[], { once?: boolean }>(command, async (context, _args, { once }) => {
    const { runDemo } = await import('../demo.ts');
    return runDemo(context, once === true || !canShowScreens());
  });
}
