import type { Command } from 'commander';
import { leafCommand, onCommand } from '../context/define-command.ts';
import { exitWhenDetached } from '../context/exit-when-detached.ts';

export function tuiCommand(): Command {
  const command = leafCommand('tui', {
    description:
      'Open the dashboard. It shows all jobs, runs and logs live, with their actions. Needs a terminal; `quickscrape` alone on a terminal opens it too. QUICKSCRAPE_ASCII=1 draws lines and signs with ASCII.',
    json: 'nothing: it is for people',
    examples: [
      ['tui', 'in it, ? shows the keys and : all actions'],
      ['tui --read-only', 'to look, and be sure to change nothing'],
    ],
  }).option('--read-only', 'nothing can be changed from the dashboard');
  return onCommand<[], { readOnly?: boolean }>(command, async (context, _args, { readOnly }) => {
    const { globals } = context;
    await exitWhenDetached(context);
    const { openDashboard } = await import('../../tui/open-dashboard.ts');
    return openDashboard({ home: globals.home, readOnly: readOnly === true, color: globals.color });
  });
}
