import { Worker } from 'node:worker_threads';

/** Whoever asked ends this program first, and says so. */
const GRACE_MS = 1_000;
const CHECK_INTERVAL_MS = 500;

/** In a thread of its own, since the main one may be within a selector for hours. */
const WATCHDOG_SCRIPT = `
const { workerData } = require('node:worker_threads');
const end = () => process.kill(process.pid, 'SIGKILL');
setTimeout(end, workerData.limitMs);
setInterval(() => process.ppid === workerData.parent || end(), workerData.lookEveryMs);
`;

/** Ends this process when it has taken too long, or when the one that asked has died: nobody else would. */
export function enforceExitDeadline(limitMs: number): void {
  const workerData = { limitMs: limitMs + GRACE_MS, lookEveryMs: CHECK_INTERVAL_MS, parent: process.ppid };
  new Worker(WATCHDOG_SCRIPT, { eval: true, workerData }).unref();
}
