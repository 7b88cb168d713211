import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sequentially } from '../line-client.mjs';
import { elapsed, shown, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { GET_JOB, LIST_JOBS, openedMcp } from './requests.mjs';

const BUDGET_MS = 20;
const LOOK = 'a look at each file';
const BARE = 'the bare SDK, get_job';
const WHY =
  'The folder is watched, so that no call looks at each file; what is left is the SDK, the order of all jobs and a page of 50.';

/** The first page of all jobs with more and more of them; the budget is for the most. */
export async function listJobs(sizes, bare, { rounds = 21, isSmoke }) {
  const measured = [];
  for (const size of sizes) measured.push({ ...size, ...(await oneCall(size, rounds)) });
  const rows = measured.map(({ jobs, us, floor }) => {
    const { value, spread } = shown(us, 1);
    return {
      name: `mcp, list_jobs of ${jobs.toLocaleString('en')}, one call`,
      ours: value,
      spread,
      unit: 'ms',
      peers: [{ name: LOOK, ...shown(floor, 1) }],
      ...ratioTo(LOOK, us.median, floor.median),
    };
  });
  const most = measured.at(-1);
  Object.assign(rows.at(-1), atMost(most.us.median, BUDGET_MS, { unit: 'ms', why: WHY }));
  return [...rows, await rate(most, bare, isSmoke ? 4 : 100, Math.min(11, rounds))];
}

async function oneCall({ jobs, home, args }, rounds) {
  const client = await openedMcp(args);
  const call = () => client.ask(LIST_JOBS.method, LIST_JOBS.params);
  const { structuredContent } = await call();
  if (structuredContent.total !== jobs) throw new Error(`${structuredContent.total} jobs, not ${jobs}`);
  const look = () => {
    for (const { name } of readdirSync(join(home, 'jobs'), { withFileTypes: true }))
      lstatSync(`${home}/jobs/${name}`);
  };
  const [us, floor] = await spreads([() => elapsed(call), () => elapsed(look)], rounds);
  await client.end();
  return { us, floor };
}

/** The same page again and again, beside the least call that there is. */
async function rate({ jobs, args }, bare, calls, rounds) {
  const [ours, theirs] = await Promise.all([openedMcp(args), openedMcp(bare)]);
  const [us, peer] = await spreads(
    [() => sequentially(ours, LIST_JOBS, calls), () => sequentially(theirs, GET_JOB, calls)],
    rounds,
  );
  await ours.end();
  await theirs.end();
  const { value, spread } = shown(us);
  return {
    name: `mcp, list_jobs of ${jobs.toLocaleString('en')}, one call after the other`,
    ours: value,
    spread,
    unit: 'a second',
    peers: [{ name: BARE, ...shown(peer) }],
    ...ratioTo(BARE, us.median, peer.median),
  };
}
