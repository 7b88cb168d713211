import { onDetached } from '../../core/database/detached-listener.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

/** For long-running commands: ends this process with an error once other processes use another database file. */
export async function exitWhenDetached({ globals }: CommandContext): Promise<void> {
  const { reportError } = await import('./report-error.ts');
  onDetached((error) => {
    // Reported at exit, when the terminal is restored.
    process.once('exit', () => reportError(error, { json: false, color: globals.color }));
    process.exit(EXIT.failed);
  });
}
