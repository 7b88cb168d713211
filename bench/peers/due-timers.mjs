// What bench/scheduler has due at one instant beside the scheduler, in one process: timers alone, or a library's cron jobs,
// whose function does nothing but look at the clock. Usage: setTimeout|croner COUNT; says how late each was, in JSON.
import { setTimeout as delay } from 'node:timers/promises';
import { productPackage } from '../peers.mjs';

const [kind, count] = [process.argv[2], Number(process.argv[3])];
const EVERY_SECONDS = count > 2_000 ? 3 : 1;
const late = [];
const ran = (at) => {
  late.push(Date.now() - at);
  if (late.length === count) {
    console.log(JSON.stringify(late));
    process.exit(0);
  }
};

/** The next instant that the rule below has, far enough away for what is still to be done. */
const nextAt = (leastMs) => Math.ceil((Date.now() + leastMs) / (EVERY_SECONDS * 1000)) * EVERY_SECONDS * 1000;
if (kind === 'setTimeout') {
  const at = nextAt(500);
  for (let index = 0; index < count; index += 1) setTimeout(ran, at - Date.now(), at);
} else {
  const { Cron } = await productPackage('croner');
  let at;
  const options = { timezone: 'Etc/UTC', paused: true };
  const all = Array.from(
    { length: count },
    // What is still to be worked through of an instant before does not count.
    () => new Cron(`*/${EVERY_SECONDS} * * * * *`, options, () => Date.now() >= at && ran(at)),
  );
  // Making them takes seconds; letting them go does not. On a busy machine an instant may pass before that.
  const leastMs = 100 + count / 4;
  do {
    at = nextAt(leastMs);
    await delay(at - Date.now() - leastMs);
  } while (Date.now() >= at - leastMs / 2);
  for (const each of all) each.resume();
  if (Date.now() >= at) throw new Error(`${count} jobs could not be let go in ${leastMs} ms`);
}
