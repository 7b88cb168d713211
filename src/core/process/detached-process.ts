import { type ChildProcess, spawn } from 'node:child_process';
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
  return describeExit(() => {
    const child = spawn(process.execPath, args, {
      // The caller's folder may be deleted while the process runs for years.
      cwd,
      env: { ...process.env, [PROCESS_TREE_VARIABLE]: mark },
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    child.unref();
    return child;
  });
}

/** Describes how a started process ends, or why it was not started. The promise never rejects. */
export function describeExit(start: () => ChildProcess): Promise<string> {
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
