const neverNotified = new Int32Array(new SharedArrayBuffer(4));

/** Holds up the whole thread for some milliseconds; for what cannot await, such as a call of SQLite. */
export function sleepSync(ms: number): void {
  Atomics.wait(neverNotified, 0, 0, ms);
}
