// Loaded into the calm home's scheduler: tells, each ten seconds, what only the process itself can see. Each minute it
// collects garbage first: what grows then is held, not merely not collected yet. Only `gc()` without options takes all
// of it in V8 11; what native objects held is free after a second one, and the pages a moment later. It compacts, as the
// holes of half-empty pages come and go by more megabytes than an hour may add.
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const RESOLUTION_MS = 10;

const file = process.env.QS_SOAK_PROBE;
if (file !== undefined) {
  // Not for the workers that the scheduler starts.
  delete process.env.QS_SOAK_PROBE;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  lag.enable();
  let round = 0;
  setInterval(async () => {
    round += 1;
    const collected = round % 6 === 0;
    const lagMs = { p99: lag.percentile(99) / 1e6 - RESOLUTION_MS, max: lag.max / 1e6 - RESOLUTION_MS };
    for (let time = 0; collected && time < 2; time += 1) {
      setFlagsFromString('--compact-on-every-full-gc');
      collect();
      setFlagsFromString('--no-compact-on-every-full-gc');
      await delay(200);
    }
    const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const sample = {
      at: Date.now(),
      collected,
      rss,
      anonymous: anonymousBytes(),
      heapTotal,
      heapUsed,
      external,
      lagMs,
      cpuMs: (user + system) / 1000,
      fds: descriptors(),
    };
    appendFileSync(file, `${JSON.stringify(sample)}\n`);
    // The collection above is no lag of the scheduler's.
    lag.reset();
  }, 10_000).unref();
}

/** Without the pages of the program's own files, which come into memory as they are first used; Linux only. */
function anonymousBytes() {
  try {
    return 1024 * Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  } catch {
    return null;
  }
}

function descriptors() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}
