import { isatty } from 'node:tty';
import { cleanLines } from '../../ui/text/clean.ts';

const KEYBOARD = 0;
const SCREEN = 1;

/**
 * Where the terminal is gone (its window was closed, the connection lost), ends this process by the hangup's own signal;
 * otherwise does nothing. A process that exits there is aborted by Node 20 with a core file, as it cannot give the
 * keyboard back.
 */
function exitOnHangup(): void {
  if (isatty(KEYBOARD) && isatty(SCREEN)) return;
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/** What has to be given back when the program ends, however it ends. */
interface TerminalHold {
  /** Synchronous: gives the terminal back as it was. It must bear being called twice. */
  restore(): void;
}

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;

/**
 * Restores the terminal on every way out that a process can notice: exit, signals, errors that nobody caught. The error
 * is said only after the terminal is back, or it would be lost with the alternate screen. Returns what takes the guard
 * away.
 */
export function guardTerminal({ restore }: TerminalHold): () => void {
  const fail = (error: unknown) => {
    restore();
    // Without a terminal, that it cannot be drawn on is no failure of ours.
    exitOnHangup();
    process.stderr.write(`quickscrape: the dashboard failed: ${describeFatalError(error)}\n`);
    process.exit(1);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    restore();
    process.exit(SIGNALS[signal as keyof typeof SIGNALS] ?? 1);
  };
  process.on('exit', restore);
  // Stays when the guard is taken away: what is still closed then may be cut short by the hangup.
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
  // What went wrong may quote a foreign text.
  return cleanLines(error instanceof Error ? (error.stack ?? error.message) : String(error)).join('\n');
}
