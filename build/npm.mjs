import { execFileSync } from 'node:child_process';

/** Runs npm and returns its output. On Windows it is a script of the shell. */
export function npm(args, { cwd }) {
  const isWindows = process.platform === 'win32';
  return execFileSync(isWindows ? 'npm.cmd' : 'npm', args, {
    cwd,
    shell: isWindows,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
