import { execa } from 'execa';
import { TREE_VARIABLE } from './tree.ts';

/**
 * Starts a Node program in a process group of its own that outlives this process. Its output goes to a descriptor
 * that it inherits: output that passes through us would stop when we die.
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
  const child = execa(process.execPath, [...args], {
    // The caller's folder may be deleted while this runs for years.
    cwd,
    env: { [TREE_VARIABLE]: mark },
    detached: true,
    cleanup: false,
    stdio: ['ignore', inherited(log), inherited(log)],
    reject: false,
    buffer: false,
  });
  child.unref();
  return child.then((result) => result.shortMessage ?? `ended with exit code ${result.exitCode}`);
}

/** execa takes any descriptor of ours; its types name only some of them. */
export function inherited(descriptor: number): 1 {
  return descriptor as 1;
}
