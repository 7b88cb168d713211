import { onDetached } from '../../core/database/detached-listener.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

/** For what goes on for long: ends this process with an error once its database is not the one that others see. */
export async function exitWhenDetached({ globals }: CommandContext): Promise<void> {
  const { reportError } = await import('./report-error.ts');
  onDetached((error) => {
    // Said after the terminal has been given back.
    process.once('exit', () => reportError(error, { json: false, color: globals.color }));
    process.exit(EXIT.failed);
  });
}
