import { spawn } from 'node:child_process';
import { TREE_VARIABLE } from './tree.ts';

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
  return new Promise<string>((resolve) => {
    const child = spawn(process.execPath, args, {
      // The caller's folder may be deleted while this runs for years.
      cwd,
      env: { ...process.env, [TREE_VARIABLE]: mark },
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) =>
      resolve(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`),
    );
    child.unref();
  }).catch((error: unknown) => String(error));
}
