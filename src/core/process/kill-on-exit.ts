import { execFileSync, spawn } from 'node:child_process';
import { NO_PROCESS_TREE, PROCESS_TREE_VARIABLE, taskkillCall } from './process-tree.ts';

/**
 * `cat` reads until no process holds the pipe's other end: this process has then ended, however it ended. The loop is
 * needed because a process that is being killed may still create a file in the folder during its removal.
 */
const WATCH_SCRIPT = `cat >/dev/null 2>&1; kill -9 -- "-$1" 2>/dev/null
for again in 1 2 3 4 5 6 7 8; do rm -rf -- "$2" 2>/dev/null; [ -e "$2" ] || exit 0; sleep 1; kill -9 -- "-$1" 2>/dev/null; done`;

/**
 * Ensures that a program ends and its folder is removed, even if this process is killed: a shell reads from a pipe of
 * this process. Meant for a browser, which ends itself when its own pipe breaks, except one that hangs. Windows has no
 * such shell: a browser that hangs stays, and its folder is removed by the next one (process-temp-folder.ts).
 * @param group the program's process group
 * @returns a function that cancels this, for use once the program has ended
 */
export function killOnExit(group: number, folder: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const shell = spawn('/bin/sh', ['-c', WATCH_SCRIPT, 'sh', String(group), folder], {
    cwd: '/',
    // Detached and unmarked, so that code that ends the run's processes does not end this shell.
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

/** Kills a program that leads a process group, with all processes of the group. Windows: with all that it started. */
export function killProcessGroup(pid: number): void {
  try {
    if (process.platform === 'win32')
      execFileSync(...taskkillCall(pid), { stdio: 'ignore', windowsHide: true });
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}
