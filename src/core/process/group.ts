import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { leadsItsGroup, type ProcessIdentity } from './identity.ts';

const POLL_MS = 25;

/** Signals a whole process group, named by its leader's pid. Whether anybody was there to hear it. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Ends a process group: SIGTERM, then SIGKILL for whoever is left after `graceMs`. Resolves when the group is gone,
 * or a second after SIGKILL. A process that made a session of its own (setsid) has left the group and is not found.
 */
export async function endGroup(leader: number, graceMs: number): Promise<void> {
  if (process.platform === 'win32') return endTreeOnWindows(leader);
  if (!signalGroup(leader, 'SIGTERM')) return;
  if (await isGone(leader, graceMs)) return;
  signalGroup(leader, 'SIGKILL');
  await isGone(leader, 1_000);
}

/** {@link endGroup} for a process known by its identity; does nothing when its pid belongs to somebody else by now. */
export async function endGroupOf(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (leadsItsGroup(identity)) await endGroup(identity.pid, graceMs);
}

/** Kills what a process has left behind in its group; does nothing when its pid belongs to somebody else by now. */
export function killGroupOf(identity: ProcessIdentity): void {
  if (leadsItsGroup(identity)) signalGroup(identity.pid, 'SIGKILL');
}

async function isGone(leader: number, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (signalGroup(leader, 0)) {
    if (performance.now() >= end) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** Windows has no groups. The absolute path keeps a `taskkill` in the working folder from being run. */
function endTreeOnWindows(leader: number): Promise<void> {
  const taskkill = `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\taskkill.exe`;
  return new Promise((resolve) => {
    execFile(taskkill, ['/pid', String(leader), '/T', '/F'], () => resolve());
  });
}
