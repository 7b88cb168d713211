// Preloaded into a scheduler: how long its event loop was held up, by itself. A line for each hold in the file
// BENCH_LOOP_HOLDS: when it ended, epoch milliseconds, and how long it was, in ms. What a thread has waited for a processor is
// not counted, because others have had it: on Linux the kernel says how long that was.
import { appendFileSync, readFileSync } from 'node:fs';

const EVERY_MS = 5;
const LEAST_MS = 5;
const file = process.env.BENCH_LOOP_HOLDS;
// The processes that it starts inherit the variable.
if (file !== undefined && process.argv[1]?.endsWith('cli.js')) {
  appendFileSync(file, `${Date.now()} 0\n`);
  let last = performance.now();
  let waited = waitedMs();
  setInterval(() => {
    const [now, nowWaited] = [performance.now(), waitedMs()];
    const held = now - last - EVERY_MS - (nowWaited - waited);
    if (held >= LEAST_MS) appendFileSync(file, `${Date.now()} ${held.toFixed(1)}\n`);
    last = performance.now();
    waited = waitedMs();
  }, EVERY_MS).unref();
}

/** How long the main thread could have run and had no processor. */
function waitedMs() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
