import { isatty } from 'node:tty';
import { cleanLines } from '../../ui/text/clean.ts';

const KEYBOARD = 0;
const SCREEN = 1;

/**
 * If the terminal is gone (its window was closed, the connection lost), ends this process with SIGHUP; otherwise does
 * nothing. A process that exits normally in that state is aborted by Node 20 with a core file, because Node cannot
 * restore the keyboard.
 */
function exitOnHangup(): void {
  if (isatty(KEYBOARD) && isatty(SCREEN)) return;
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/** The terminal, which must be restored whenever the program ends. */
interface TerminalHold {
  /** Synchronous: restores the terminal. Calling it twice must be harmless. */
  restore(): void;
}

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;

/**
 * Restores the terminal on every exit that a process can handle: exit, signals, uncaught errors. The error is printed
 * after the terminal is restored, or it would be lost with the alternate screen. Returns the function that removes the
 * guard.
 */
export function guardTerminal({ restore }: TerminalHold): () => void {
  const fail = (error: unknown) => {
    restore();
    // If the terminal is gone, a drawing error is not a failure of the program.
    exitOnHangup();
    process.stderr.write(`quickscrape: the dashboard failed: ${describeFatalError(error)}\n`);
    process.exit(1);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    restore();
    process.exit(SIGNALS[signal as keyof typeof SIGNALS] ?? 1);
  };
  process.on('exit', restore);
  // Stays when the guard is removed: the hangup may interrupt what is still being closed then.
  process.on('exit', exitOnHangup);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  for (const signal of Object.keys(SIGNALS)) process.on(signal, onSignal);
  return () => {
    process.off('exit', restore);
    process.off('uncaughtException', fail);
    process.off('unhandledRejection', fail);
    for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal);
  };
}

function describeFatalError(error: unknown): string {
  // The error may quote text from outside.
  return cleanLines(error instanceof Error ? (error.stack ?? error.message) : String(error)).join('\n');
}
