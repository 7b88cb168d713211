import { isatty } from 'node:tty';
import { hangUp, hasJobControl, stopProcessGroup } from '../../../core/process/platform.ts';
import { cleanLines } from '../../ui/text/fit.ts';
import type { EffectContext } from '../effect-context.ts';

const KEYBOARD = 0;
const SCREEN = 1;

/**
 * If the terminal is gone (its window was closed, the connection lost), ends this process with SIGHUP; otherwise does
 * nothing. A process that exits normally in that state is aborted by Node 20 with a core file, because Node cannot
 * restore the keyboard.
 */
function exitOnHangup(): void {
  if (isatty(KEYBOARD) && isatty(SCREEN)) return;
  hangUp();
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
  process.off('exit', exitOnHangup);
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

/** Without a shell with job control the process is not stopped. The screen is then taken back after this time. */
const STOP_TIMEOUT_MS = 200;

/**
 * Handles a shell that stops and continues its jobs. The terminal itself can also request a stop, for example for a
 * Ctrl-Z while another program uses it. Such a stop gives the terminal back, like the key. Only `SIGSTOP` cannot be
 * handled. Returns the function that removes the handlers.
 */
export function handleShellSignals(context: EffectContext): () => void {
  const onStop = () => suspend(context);
  const onContinue = () => takeTerminal(context);
  process.on('SIGTSTP', onStop);
  process.on('SIGCONT', onContinue);
  return () => {
    process.off('SIGTSTP', onStop);
    process.off('SIGCONT', onContinue);
  };
}

/**
 * Gives the terminal to the shell and stops the whole process group, like Ctrl-Z in a plain program. Does nothing where
 * the shell cannot continue a program.
 */
export function suspend(context: EffectContext): void {
  const { screen, keyboard } = context;
  // The screen was left already by an earlier Ctrl-Z.
  if (!hasJobControl() || !screen.isEntered) return;
  keyboard.pause();
  screen.leave();
  const resume = () => {
    clearTimeout(timer);
    process.off('SIGCONT', resume);
    // Must not run twice: while the terminal is taken, it is briefly out of raw mode and echoes typed characters.
    if (!screen.isEntered) takeTerminal(context);
  };
  process.on('SIGCONT', resume);
  const timer = setTimeout(resume, STOP_TIMEOUT_MS);
  stopProcessGroup();
}

/** Takes the terminal again, whatever modes a shell or another program has set. */
export function takeTerminal({ screen, keyboard, send }: EffectContext): void {
  // Before the keyboard is paused: otherwise the terminal would echo typed characters in the middle of the screen.
  screen.leave();
  // Node assumes that the terminal is in the mode that Node last set. Only leaving raw mode first makes Node set it
  // again.
  keyboard.pause();
  keyboard.resume();
  screen.enter();
  send({ kind: 'resize', ...screen.size });
}
