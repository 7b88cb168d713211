import { cpuMsOf } from '../process-usage.mjs';
import { shown, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { call, openedMcp } from './requests.mjs';

const BUDGET = 3;
const FLOOR = 'get_job';
const WHY = 'Above get_job is the number of jobs and runs in the answer: each is read, checked and written.';

/** The processor time of the server for what is asked most, beside that of one job. */
export async function cpu({ args, runs }, { rounds = 9, isSmoke }) {
  const asked = {
    [FLOOR]: { job_id: 'prices-00000' },
    list_jobs: {},
    list_runs: {},
    get_run: { run_id: runs[0] },
    get_scheduler: {},
  };
  const calls = isSmoke ? 20 : 200;
  const client = await openedMcp(args);
  const measured = async (name) => {
    const before = cpuMsOf(client.pid);
    for (let left = calls; left > 0; left -= 1) await call(client, name, asked[name]);
    // Where the kernel counts in ticks, a smoke test may see none.
    return Math.max(1, ((cpuMsOf(client.pid) - before) / calls) * 1000);
  };
  try {
    const names = Object.keys(asked);
    // What is compiled and read for the first time does not count.
    for (const name of names) await measured(name);
    const [floor, ...figures] = await spreads(
      names.map((name) => () => measured(name)),
      rounds,
    );
    return figures.map((us, index) => {
      const { value, spread } = shown(us);
      return {
        name: `mcp, processor time of ${names[index + 1]}, a call`,
        ours: value,
        spread,
        unit: 'µs',
        peers: [{ name: FLOOR, ...shown(floor) }],
        ...ratioTo(FLOOR, us.median, floor.median),
        ...atMost(us.median / floor.median, BUDGET, { why: WHY }),
      };
    });
  } finally {
    await client.end();
  }
}
