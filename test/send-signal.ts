import { needs } from './platform.ts';

/**
 * Signals one process. Not by `process.kill(found?.pid ?? 0)`: 0 means the whole process group, with the test run itself
 * and whatever started it.
 * @throws Error when there is no process to signal
 */
export function sendSignal(target: { pid: number } | null | undefined, signal: NodeJS.Signals): void {
  if (signal !== 'SIGKILL') needs('signals');
  if (!target || target.pid <= 1) throw new Error(`no process for ${signal}`);
  process.kill(target.pid, signal);
}
