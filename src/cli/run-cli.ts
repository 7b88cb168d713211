import type { Command } from 'commander';
import { setInterrupt } from './context/define-command.ts';
import { Interrupt } from './context/interrupt.ts';
import { hasJsonFlag, rewriteHelpCommand } from './flags/global-flags.ts';
import { buildProgram } from './program.ts';
import { canShowDashboard } from './render/terminal.ts';

/** Runs a command line. The results are its output and `process.exitCode`. Never throws. */
export async function runCli(args: readonly string[]): Promise<void> {
  // `quickscrape … | head`: the reader needs no more output.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.stderr.on('error', () => {});
  setInterrupt(new Interrupt());
  const opensDashboard = hasNoCommand(args) && canShowDashboard();
  const line = opensDashboard ? [...args, 'tui'] : rewriteHelpCommand(args);
  const program: Command = buildProgram(line);
  if (args.length === 0 && !opensDashboard) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync(line, { from: 'user' });
  } catch (error) {
    const { reportError } = await import('./context/report-error.ts');
    process.exitCode = reportError(error, { json: hasJsonFlag(args), color: !args.includes('--no-color') });
  }
}

/** A command line without a command, with at most a home and a colour flag, opens the dashboard on a terminal. */
function hasNoCommand(args: readonly string[]): boolean {
  return args.every(
    (arg, index) =>
      arg === '--no-color' || arg === '--home' || arg.startsWith('--home=') || args[index - 1] === '--home',
  );
}
