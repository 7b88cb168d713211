import type { Command } from 'commander';
import { leafCommand, onCommand } from '../define-command.ts';

export function demoCommand(): Command {
  const command = leafCommand('demo', {
    description:
      'Show it at work on a bookshop of 1,000 books served on this machine: a configuration, two scheduled jobs, the scheduler, live. In a temporary folder unless --home is given.',
    json: 'with --once { home, run, sample }: the run and its first rows; else nothing',
    examples: [
      ['demo', 'watch jobs run, until Ctrl-C'],
      ['demo --once', 'one run, its first rows and its file'],
    ],
  }).option('--once', 'run one job and end (also when there is no terminal)');
  return onCommand<[], { once?: boolean }>(command, async (context, _args, { once }) => {
    const { runDemo } = await import('../demo.ts');
    return runDemo(context, once === true || !context.out.isTerminal);
  });
}
