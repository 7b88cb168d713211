const neverNotified = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the thread for some milliseconds; for code that cannot await, such as a call of SQLite. */
export function sleepSync(ms: number): void {
  Atomics.wait(neverNotified, 0, 0, ms);
}
