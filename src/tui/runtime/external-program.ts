import { spawnSync } from 'node:child_process';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { withDefaultStopSignal } from '../../core/process/platform.ts';
import { defaultPrograms, shellCall, startProblem } from '../../core/process/shell.ts';

/** How a program that used the terminal ended. */
export interface ExternalProgramResult {
  ok: boolean;
  /** Why it did not start, or its exit code as a text. */
  problem?: string;
  /** Whether it has run to its end: not ended by Ctrl-C, and not missing. */
  hasRun?: boolean;
}

/** A program of the user's choice. */
export interface ExternalProgram {
  /** In shell syntax. */
  command: string;
  /** The environment variables that select it. */
  chosenBy: string;
}

/** The user's editor: `$VISUAL`, else `$EDITOR`, else `vi` (Windows: `notepad`). */
export function findEditor(env: NodeJS.ProcessEnv): ExternalProgram {
  const command = env['VISUAL']?.trim() || env['EDITOR']?.trim() || defaultPrograms().editor;
  return { command, chosenBy: '$VISUAL or $EDITOR' };
}

/** The user's pager: `$PAGER`, else `less` (Windows: `more`). */
export function findPager(env: NodeJS.ProcessEnv): ExternalProgram {
  return { command: env['PAGER']?.trim() || defaultPrograms().pager, chosenBy: '$PAGER' };
}

/**
 * Runs a program on the terminal and waits for it. The shell interprets the command, as git does with `$EDITOR`; the
 * file is a separate argument. The call is synchronous, because an asynchronous child that inherits the keyboard leaves
 * Node reading the same terminal. The caller must leave the screen first.
 */
export function runExternalProgram(
  { command, chosenBy }: ExternalProgram,
  file: string,
): ExternalProgramResult {
  const restore = ignoreTerminalSignals();
  try {
    const { file: shell, args, windowsVerbatimArguments } = shellCall(command, file);
    // Ctrl-Z in the program must stop both processes. Otherwise the user's shell would wait for this one.
    const { error, status, signal } = withDefaultStopSignal(() =>
      spawnSync(shell, args, { stdio: 'inherit', windowsVerbatimArguments }),
    );
    if (error !== undefined) return { ok: false, problem: `${command} did not start: ${error.message}` };
    if (status === 0) return { ok: true };
    const unusable = startProblem(status);
    if (unusable !== undefined)
      return { ok: false, problem: `${command} ${unusable}: name another program in ${chosenBy}` };
    return { ok: false, problem: describeEnd(command, status, signal) };
  } finally {
    restore();
  }
}

/** {@link runExternalProgram} for a program with its arguments, which no shell reads. */
export function runArguments([program = '', ...args]: readonly string[]): ExternalProgramResult {
  const restore = ignoreTerminalSignals();
  try {
    const { error, status, signal } = withDefaultStopSignal(() =>
      spawnSync(program, args, { stdio: 'inherit' }),
    );
    if (error !== undefined) return { ok: false, problem: describeStartError(program, error) };
    if (status === 0) return { ok: true };
    const hasRun = signal !== 'SIGINT' && status !== INTERRUPTED;
    return { ok: false, problem: describeEnd(program, status, signal), hasRun };
  } finally {
    restore();
  }
}

/** The exit code of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;
const UNTIL_ENTER = "process.stdin.once('data', () => process.exit())";

/** Keeps what a program has printed on the terminal until Enter, or Ctrl-C. */
export function holdTerminal(text: string): void {
  process.stdout.write(`\r\n${sanitizeText(text)}. Enter leads back to the dashboard.`);
  const restore = ignoreTerminalSignals();
  try {
    withDefaultStopSignal(() => spawnSync(process.execPath, ['-e', UNTIL_ENTER], { stdio: 'inherit' }));
  } finally {
    restore();
  }
}

/** Why a program did not start. */
export function describeStartError(program: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `${program} was not found`;
  return code === 'EACCES' ? `${program} cannot be executed` : `${program} did not start: ${message}`;
}

/** How a program ended that did not succeed. */
export function describeEnd(program: string, status: number | null, signal: NodeJS.Signals | null): string {
  return `${program} ended with ${signal ?? `code ${status}`}`;
}

/** The signals of Ctrl-C and Ctrl-\, which the terminal sends to all processes in the foreground. */
const TERMINAL_SIGNALS = ['SIGINT', 'SIGQUIT'] as const;

const ignore = () => {};

/**
 * Ignores the keyboard's signals, so that only the program on the terminal receives them, as with `system(3)`. For
 * example, Ctrl-C in a pager cancels the pager's work and does not end the dashboard. Returns the function that
 * restores the listeners.
 */
export function ignoreTerminalSignals(): () => void {
  const saved = TERMINAL_SIGNALS.flatMap((signal) =>
    process.listeners(signal).flatMap((listener) => (listener === ignore ? [] : [{ signal, listener }])),
  );
  // At least one listener must be set, or the signal would end this process.
  for (const signal of TERMINAL_SIGNALS) process.on(signal, ignore);
  for (const { signal, listener } of saved) process.off(signal, listener);
  const restoreListeners = () => {
    for (const { signal, listener } of saved) process.on(signal, listener);
    for (const signal of TERMINAL_SIGNALS) process.off(signal, ignore);
  };
  // Node reports the signals that arrived meanwhile in the next round of the event loop. The second setImmediate runs
  // after that.
  return () => void setImmediate(() => setImmediate(restoreListeners));
}
