import { Worker } from 'node:worker_threads';

/** Extra time after the limit: the calling process normally ends this program first, and reports that. */
const GRACE_MS = 1_000;
const CHECK_INTERVAL_MS = 500;

/** Runs in its own thread, because the main thread may spend hours in a selector. */
const WATCHDOG_SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const end = () => process.kill(process.pid, 'SIGKILL');
let limit;
const setLimit = (ms) => {
  clearTimeout(limit);
  limit = ms === null ? undefined : setTimeout(end, ms);
};
setLimit(workerData.limitMs);
parentPort.on('message', setLimit);
setInterval(() => process.ppid === workerData.parent || end(), workerData.lookEveryMs);
`;

/**
 * Ends this process when it exceeds its time limit, or when the process that started it has died. No other process
 * would end it.
 */
export class ExitDeadline {
  readonly #watchdog: Worker;

  constructor(limitMs: number) {
    const workerData = { limitMs: limitMs + GRACE_MS, lookEveryMs: CHECK_INTERVAL_MS, parent: process.ppid };
    this.#watchdog = new Worker(WATCHDOG_SCRIPT, { eval: true, workerData });
    this.#watchdog.unref();
  }

  /** Starts the time of the next question, or stops it. */
  set(limitMs: number | null): void {
    this.#watchdog.postMessage(limitMs === null ? null : limitMs + GRACE_MS);
  }
}
