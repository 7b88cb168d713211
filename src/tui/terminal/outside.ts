import { spawnSync } from 'node:child_process';

/** How a program that had the terminal for itself ended. */
export interface OutsideResult {
  ok: boolean;
  /** Why it did not start, or its exit code in words. */
  problem?: string;
}

/** The user's editor, as a shell understands it: `$VISUAL`, else `$EDITOR`, else `vi`. */
export function editorCommand(env: NodeJS.ProcessEnv): string {
  return env['VISUAL']?.trim() || env['EDITOR']?.trim() || 'vi';
}

/** The user's pager, as a shell understands it: `$PAGER`, else `less`. */
export function pagerCommand(env: NodeJS.ProcessEnv): string {
  return env['PAGER']?.trim() || 'less';
}

/**
 * Runs a program on the terminal and waits for it. The command goes through the shell, as git does with `$EDITOR`; the
 * file is an argument of its own. Synchronous on purpose: with the keyboard inherited, an asynchronous child leaves
 * Node reading the same terminal. The caller has left the screen before.
 */
export function runOutside(command: string, file: string): OutsideResult {
  const { error, status, signal } = spawnSync('/bin/sh', ['-c', `${command} "$@"`, command, file], {
    stdio: 'inherit',
  });
  if (error !== undefined) return { ok: false, problem: `${command} did not start: ${error.message}` };
  if (status === 0) return { ok: true };
  if (status === 127) return { ok: false, problem: `${command} was not found` };
  return { ok: false, problem: `${command} ended with ${signal ?? `code ${status}`}` };
}
