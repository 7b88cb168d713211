import { Argument, type Command } from 'commander';
import { leafCommand, onCommand } from '../../context/define-command.ts';

export function schedulerUnit(): Command {
  const command = leafCommand('unit', {
    description: 'Print a service file that keeps the scheduler of this home running.',
    json: '{ kind, text }: the service file',
    examples: [
      [
        'scheduler unit systemd > ~/.config/systemd/user/quickscrape.service',
        'then: systemctl --user enable --now quickscrape; loginctl enable-linger keeps it without a login',
      ],
      [
        'scheduler unit launchd > ~/Library/LaunchAgents/dev.quickscrape.scheduler.plist',
        'then: launchctl load ~/Library/LaunchAgents/dev.quickscrape.scheduler.plist',
      ],
    ],
  }).addArgument(new Argument('<kind>', 'which service manager').choices(['systemd', 'launchd']));
  return onCommand<['systemd' | 'launchd'], object>(command, async (context, [kind]) => {
    const [{ serviceFile }, { resolveHome }, { programFile }] = await Promise.all([
      import('./service-file.ts'),
      import('../../../core/fs/paths.ts'),
      import('../../../core/lib/program.ts'),
    ]);
    const { home, schedulerLog } = resolveHome({ home: context.globals.home });
    const text = serviceFile(kind, {
      argv: [process.execPath, programFile('cli'), 'scheduler', 'run', '--home', home],
      log: schedulerLog,
    });
    await context.print({ kind, text }, () => text);
  });
}
