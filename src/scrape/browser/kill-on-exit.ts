import { spawn } from 'node:child_process';
import { NO_PROCESS_TREE, PROCESS_TREE_VARIABLE } from '../../core/process/process-tree.ts';

/**
 * Reads until nobody is left to write: then this process is gone, however it ended. A process that is being killed may
 * still put a file into the folder while that is removed.
 */
const WATCH_SCRIPT = `cat >/dev/null 2>&1; kill -9 -- "-$1" 2>/dev/null
for again in 1 2 3 4 5 6 7 8; do rm -rf -- "$2" 2>/dev/null; [ -e "$2" ] || exit 0; sleep 1; kill -9 -- "-$1" 2>/dev/null; done`;

/**
 * Sees to it that a browser ends and its folder goes also when this process is killed: a shell holds the other end of
 * a pipe. A browser ends by itself when its own pipe breaks, but not one that hangs.
 * @param group the browser's process group
 * @returns what calls that off, once the browser is closed
 */
export function killOnExit(group: number, folder: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const shell = spawn('/bin/sh', ['-c', WATCH_SCRIPT, 'sh', String(group), folder], {
    cwd: '/',
    // Whoever ends the run's processes leaves this one to its work.
    detached: true,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', [PROCESS_TREE_VARIABLE]: NO_PROCESS_TREE },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  (shell.stdin as { unref?(): void }).unref?.();
  return () => void shell.kill('SIGKILL');
}
