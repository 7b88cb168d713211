import { spawnSync } from 'node:child_process';

const STOP = 'SIGTSTP';

/** Does something during which a stop by the terminal stops this process at once, as without any listener of ours. */
export function withDefaultStopSignal<T>(work: () => T): T {
  const listeners = process.listeners(STOP);
  for (const listener of listeners) process.off(STOP, listener);
  try {
    return work();
  } finally {
    for (const listener of listeners) process.on(STOP, listener);
  }
}

/** How a program that had the terminal for itself ended. */
export interface ExternalProgramResult {
  ok: boolean;
  /** Why it did not start, or its exit code in words. */
  problem?: string;
}

/** A program of the user's choice. */
export interface ExternalProgram {
  /** As a shell understands it. */
  command: string;
  /** The variables that choose it. */
  chosenBy: string;
}

/** The user's editor: `$VISUAL`, else `$EDITOR`, else `vi`. */
export function findEditor(env: NodeJS.ProcessEnv): ExternalProgram {
  const command = env['VISUAL']?.trim() || env['EDITOR']?.trim() || 'vi';
  return { command, chosenBy: '$VISUAL or $EDITOR' };
}

/** The user's pager: `$PAGER`, else `less`. */
export function findPager(env: NodeJS.ProcessEnv): ExternalProgram {
  return { command: env['PAGER']?.trim() || 'less', chosenBy: '$PAGER' };
}

/**
 * Runs a program on the terminal and waits for it. The command goes through the shell, as git does with `$EDITOR`; the
 * file is an argument of its own. Synchronous on purpose: with the keyboard inherited, an asynchronous child leaves
 * Node reading the same terminal. The caller has left the screen before.
 */
export function runExternalProgram(
  { command, chosenBy }: ExternalProgram,
  file: string,
): ExternalProgramResult {
  const restore = ignoreTerminalSignals();
  try {
    // The shell in between has to wait as well, whatever the keyboard sends; a trap that does something is not inherited.
    const script = `trap : INT QUIT; ${command} "$@"`;
    // Ctrl-Z in the program stops it and us alike, or the shell would wait for us.
    const { error, status, signal } = withDefaultStopSignal(() =>
      spawnSync('/bin/sh', ['-c', script, command, file], { stdio: 'inherit' }),
    );
    if (error !== undefined) return { ok: false, problem: `${command} did not start: ${error.message}` };
    if (status === 0) return { ok: true };
    const unusable = status === null ? undefined : UNUSABLE[status];
    if (unusable !== undefined)
      return { ok: false, problem: `${command} ${unusable}: name another program in ${chosenBy}` };
    return { ok: false, problem: `${command} ended with ${signal ?? `code ${status}`}` };
  } finally {
    restore();
  }
}

/** What a shell says by its exit code when it could not start a program. */
const UNUSABLE: Readonly<Record<number, string>> = { 126: 'cannot be executed', 127: 'was not found' };

/** What the terminal makes of Ctrl-C and Ctrl-\, for all programs that the shell has started together. */
const TERMINAL_SIGNALS = ['SIGINT', 'SIGQUIT'] as const;

const ignore = () => {};

/**
 * From now on the signals of the keyboard are for the program that has the terminal alone, as with `system(3)`: Ctrl-C
 * in a pager stops what that does, and is no wish to leave us. Returns what ends this.
 */
function ignoreTerminalSignals(): () => void {
  const saved = TERMINAL_SIGNALS.flatMap((signal) =>
    process.listeners(signal).flatMap((listener) => (listener === ignore ? [] : [{ signal, listener }])),
  );
  // Never none at all: then the signal would end us.
  for (const signal of TERMINAL_SIGNALS) process.on(signal, ignore);
  for (const { signal, listener } of saved) process.off(signal, listener);
  const restoreListeners = () => {
    for (const { signal, listener } of saved) process.on(signal, listener);
    for (const signal of TERMINAL_SIGNALS) process.off(signal, ignore);
  };
  // Signals that came meanwhile are told in the next round of the loop, which ends with the second of these.
  return () => void setImmediate(() => setImmediate(restoreListeners));
}
