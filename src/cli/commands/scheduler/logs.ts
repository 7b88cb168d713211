import type { Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';

export function schedulerLogs(): Command {
  const command = leafCommand('logs', {
    description: 'Show the log of the scheduler in the background.',
    json: '{ lines }; with --follow one JSON string a line',
    examples: [['scheduler logs --follow', 'as it is written, until Ctrl-C']],
  })
    .option('--lines <n>', 'the last lines (default 50)', integerParser(0, 1_000_000))
    .option('--follow', 'go on until Ctrl-C');
  return onCommand<[], { lines?: number; follow?: boolean }>(
    command,
    async (context, _args, { lines = 50, follow }) => {
      const { printLog } = await import('../print-log.ts');
      const { paths } = await context.workspace();
      await printLog(context, {
        file: paths.schedulerLog,
        lines,
        extraFields: {},
        ...(follow && { follow: { isFinished: () => false } }),
      });
    },
  );
}
