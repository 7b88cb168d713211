import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DueAtOnce } from './due-at-once.mjs';
import { peerProgram } from './program.mjs';
import { runTasks } from './run-tasks.mjs';

/** As many as no limit for a host holds back. */
const HOSTS = 16;
/** The number that is judged; a curve needs fewer rounds of the others. */
const JUDGED = 1_000;

/**
 * So many jobs due at one instant: how long after it each one's row is in the queue, for everybody to see. Once while their
 * runs start, as a person has it, and once while none does, so that what is measured is what the scheduler has decided and
 * written down. Beside it as many timers and croner jobs in one process, which call a function that does nothing.
 *
 * @returns of each size `{ jobs, late }`, of whose kinds each round has the percentiles
 */
export async function lateness(sizes, { rounds = 3, isSmoke }) {
  const site = fork(fileURLToPath(new URL('../peers/small-site.mjs', import.meta.url)), [String(HOSTS)]);
  try {
    const [urls] = await once(site, 'message');
    return await runTasks(
      sizes.map((jobs) => async () => {
        const home = await DueAtOnce.with(jobs, urls, isSmoke);
        return lateOf(home, jobs, jobs === JUDGED ? rounds : Math.min(2, rounds));
      }),
      isSmoke,
    );
  } finally {
    site.disconnect();
  }
}

async function lateOf(home, jobs, rounds) {
  try {
    const late = { started: [], ours: [], setTimeout: [], croner: [] };
    for (let left = rounds; left > 0; left -= 1) {
      const { queued, started } = await home.started();
      late.started.push({ ...percentiles(queued), started });
      late.ours.push(percentiles((await home.heldBack()).queued));
      // It takes croner ten seconds to make the most of them.
      if (jobs > JUDGED && late.croner.length > 0) continue;
      // Each of them on a processor, so that neither waits for the other's instant.
      const [timers, croner] = await Promise.all([peerLate('setTimeout', jobs), peerLate('croner', jobs)]);
      late.setTimeout.push(percentiles(timers));
      late.croner.push(percentiles(croner));
    }
    return { jobs, late };
  } finally {
    await home.end();
  }
}

function percentiles(late) {
  const all = late.toSorted((a, b) => a - b);
  const at = (share) => all[Math.floor((all.length - 1) * share)];
  return { p50: at(0.5), p99: at(0.99) };
}

async function peerLate(kind, jobs) {
  const program = peerProgram('due-timers', kind, jobs);
  return JSON.parse(await program.said(']'));
}
