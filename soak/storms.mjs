import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What happens to the processes of the stormy home. */
export const STORMS = [
  [4, killScheduler],
  [2, killAndRace],
  [1, restartScheduler],
  [1, suspendScheduler],
  [1, contend],
  [5, killWorker],
];

async function killScheduler(home, random) {
  await home.killScheduler();
  await delay(random.between(0, 4_000));
  await home.startScheduler();
}

/** Two schedulers start at the same moment: one of them has to give way. */
async function killAndRace(home) {
  await home.killScheduler();
  await home.startScheduler({ rivals: 1 });
}

/** It waits for its runs, so it may take a while. */
async function restartScheduler(home) {
  const { code } = await home.killScheduler('SIGTERM');
  if (code !== 0) throw new Error(`the scheduler ended with ${code} after SIGTERM`);
  await home.startScheduler();
}

/** As a laptop that sleeps. */
async function suspendScheduler(home, random) {
  home.noteDown();
  home.scheduler.kill('SIGSTOP');
  await delay(random.between(1_000, 6_000));
  home.scheduler.kill('SIGCONT');
  home.noteUp();
}

async function contend(home) {
  const { code } = await home.command('scheduler', 'run');
  if (code === 0) throw new Error('a second scheduler ran beside the first');
}

async function killWorker(home, random) {
  const running = home.active().filter(({ pid, status }) => status === 'running' && isOurs(pid, home));
  if (running.length === 0) return;
  process.kill(random.pick(running).pid, 'SIGKILL');
}

/** Never a process that only has the same number. */
function isOurs(pid, home) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home.folder);
  } catch {
    return false;
  }
}
