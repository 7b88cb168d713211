import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { PROCESS_TREE_VARIABLE } from './process-tree.ts';

/**
 * Starts a Node program in a process group of its own that outlives this process. Its output goes to a descriptor
 * that it inherits: output that passes through us would stop when we die. With Node's own means: whoever shows a home
 * would load the whole of execa otherwise, for a start that comes later or never.
 * @returns when it has ended, or could not be started: how, in words
 * @param args Node's own flags, the program, and what it is called with
 * @param log an open descriptor; the caller closes it afterwards
 * @param mark the process tree that it begins; never the one in which we may be ourselves
 */
export function startDetached(
  args: readonly string[],
  cwd: string,
  log: number,
  mark: string,
): Promise<string> {
  return waitForExit(() => spawnDetached(args, cwd, log, mark, 'ignore'));
}

/** A detached program that waits until its standard input says one line. */
export interface DetachedProcess {
  /** Settles when it has ended, or could not be started: how, in words. */
  readonly exited: Promise<string>;
  /** Whether it has ended, or could not be started, as far as we have heard. */
  hasExited(): boolean;
  /** Says the line; it arrives also when we die right afterwards. */
  writeLine(line: string): void;
  /** Ends it at once. */
  kill(): void;
}

/**
 * {@link startDetached} for a program that waits for a line of its standard input; when this process dies, the input ends
 * without one.
 */
export function startDetachedWithInput(
  args: readonly string[],
  cwd: string,
  log: number,
  mark: string,
): DetachedProcess {
  let child: ChildProcess | undefined;
  let isExited = false;
  const exited = waitForExit(() => {
    child = spawnDetached(args, cwd, log, mark, 'pipe');
    // What dies before it has read says so by its end.
    child.stdin?.on('error', () => {});
    (child.stdin as Socket | null)?.unref();
    return child;
  }).then((outcome) => {
    isExited = true;
    return outcome;
  });
  return {
    exited,
    hasExited: () =>
      isExited || child?.pid === undefined || child.exitCode !== null || child.signalCode !== null,
    writeLine: (line) => child?.stdin?.end(`${line}\n`),
    kill: () => child?.kill('SIGKILL'),
  };
}

function spawnDetached(
  args: readonly string[],
  cwd: string,
  log: number,
  mark: string,
  input: 'ignore' | 'pipe',
): ChildProcess {
  const child = spawn(process.execPath, args, {
    // The caller's folder may be deleted while this runs for years.
    cwd,
    env: { ...process.env, [PROCESS_TREE_VARIABLE]: mark },
    detached: true,
    stdio: [input, log, log],
    windowsHide: true,
  });
  child.unref();
  return child;
}

/** How what `start` starts ends, in words, or why it was not started. */
function waitForExit(start: () => ChildProcess): Promise<string> {
  return new Promise<string>((resolve) => {
    const child = start();
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) =>
      resolve(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`),
    );
  }).catch((error: unknown) => String(error));
}
