import { join } from 'node:path';
import { shown, spreadOf } from '../rounds.mjs';
import { ratioTo } from '../verdict.mjs';
import { peerProgram, startedScheduler } from './program.mjs';

const PEER = 'a process that reads and parses the files';
/** A start with so many jobs takes seconds: fewer of them have to do. */
const MANY = 50_000;

/**
 * The real scheduler is started on each home several times, one home after the other, round after round, beside a process
 * that reads and parses the same files. Those of the last start stay, for who goes on with them and ends them.
 *
 * @param homes `{ jobs, home }` each, the first without a job: that one is started once and not measured
 * @param programs to which the last ones are added, as `{ kind: 'scheduler', jobs, program }`
 */
export async function starts(homes, programs, { rounds = 3 }) {
  const times = new Map(homes.map(({ jobs }) => [jobs, { us: [], peer: [] }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { jobs, home } of homes) {
      // Which one is the last is the same for all, so that they have been idle for as long.
      const left = rounds - round - 1;
      if (left >= roundsOf(jobs, rounds)) continue;
      const { us, peer } = times.get(jobs);
      if (jobs > 0) peer.push(await parsed(home));
      const { scheduler, readyMs } = await startedScheduler(home);
      us.push(readyMs);
      if (left === 0) programs.push({ kind: 'scheduler', jobs, program: scheduler });
      else await scheduler.stop();
    }
  }
  return rowsOf([...times].filter(([jobs]) => jobs > 0));
}

function roundsOf(jobs, rounds) {
  if (jobs === 0) return 1;
  return jobs >= MANY ? Math.min(2, rounds) : rounds;
}

async function parsed(home) {
  const started = performance.now();
  const program = peerProgram('parsed-files', join(home, 'jobs'));
  await program.said('ready');
  const ms = performance.now() - started;
  await program.end();
  return ms;
}

function rowsOf(times) {
  const found = times.map(([jobs, { us, peer }]) => ({ jobs, us: spreadOf(us), peer: spreadOf(peer) }));
  const row = ({ jobs, us, peer }) => {
    const { value, spread } = shown(us);
    return {
      name: `scheduler, start until ready, ${jobs.toLocaleString('en')} jobs`,
      ours: value,
      spread,
      unit: 'ms',
      peers: [{ name: PEER, ...shown(peer) }],
      ...ratioTo(PEER, us.median, peer.median),
    };
  };
  return found.map(row);
}
