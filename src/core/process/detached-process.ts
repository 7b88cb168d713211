import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { PROCESS_TREE_VARIABLE } from './process-tree.ts';

/**
 * Starts a Node program in its own process group, which outlives this process. Its output goes to an inherited
 * descriptor: output through this process would stop when it exits. It uses only Node's own modules, because every
 * process that shows a home would otherwise load execa for a start that comes later or never.
 * @returns a promise of how it ended, or why it could not be started, as a text
 * @param args Node's own flags, the program, and its arguments
 * @param log an open descriptor; the caller closes it afterwards
 * @param mark the mark of the new process tree; never that of the tree of this process
 */
export function startDetached(
  args: readonly string[],
  cwd: string,
  log: number,
  mark: string,
): Promise<string> {
  return waitForExit(() => spawnDetached(args, cwd, log, mark, 'ignore'));
}

/** A detached program that waits for one line of its standard input. */
export interface DetachedProcess {
  /** Settles when it has ended, or could not be started, with a description. */
  readonly exited: Promise<string>;
  /** Whether this process has observed that it has ended, or could not be started. */
  hasExited(): boolean;
  /** Writes the line; it arrives even if this process exits right afterwards. */
  writeLine(line: string): void;
  /** Kills it immediately. */
  kill(): void;
}

/**
 * {@link startDetached} for a program that waits for a line of its standard input. If this process exits, the input
 * ends without a line.
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
    // If the child exits before it reads, its exit is reported instead.
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
    // The caller's folder may be deleted while the process runs for years.
    cwd,
    env: { ...process.env, [PROCESS_TREE_VARIABLE]: mark },
    detached: true,
    stdio: [input, log, log],
    windowsHide: true,
  });
  child.unref();
  return child;
}

/** Describes how the started process ends, or why it was not started. */
function waitForExit(start: () => ChildProcess): Promise<string> {
  return new Promise<string>((resolve) => {
    const child = start();
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) =>
      resolve(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`),
    );
  }).catch((error: unknown) => String(error));
}

/**
 * A flag for processes that read pages of several megabytes. It limits the space for new objects to 16 MB, which is the
 * default on Node 20 and 22. Node 24 allows 64 MB, and used two thirds more memory for the same pages.
 */
export const MAX_SEMI_SPACE_FLAG = '--max-semi-space-size=16';
