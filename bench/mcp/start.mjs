import { firstAnswer } from '../line-client.mjs';
import { elapsed, shown, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { DISCOVER, GET_JOB, INITIALIZE, LIST_TOOLS, openedMcp } from './requests.mjs';

const BUDGET = 1.3;
const BARE = 'the bare SDK';
const WHY = 'Above the bare SDK is what it takes to load the program around it and the schemas of its tools.';

/** From the start of the process to the first answer, as clients of both eras open, to the list of tools, and to an answer for which the home is opened. */
export async function start(sizes, bare, rounds) {
  return [
    ...(await opened('initialize', INITIALIZE, sizes, bare, rounds)),
    ...(await opened('server/discover', DISCOVER, sizes, bare, rounds)),
    await listed(sizes, bare, rounds),
    ...(await firstJob(sizes, bare, rounds)),
  ];
}

/** The home is not opened before that answer, so its number of jobs does not matter. */
async function opened(opening, request, [few], bare, rounds = 13) {
  const started = (args) => () => firstAnswer(args, request);
  const [us, peer] = await spreads([few.args, bare].map(started), rounds);
  const what = `mcp, start to the answer to ${opening}`;
  return [{ ...row(what, us, peer), ...atMost(us.median / peer.median, BUDGET, { why: WHY }) }];
}

/** Each client asks for the tools when it has shaken hands. The bare SDK has one tool. */
async function listed([few], bare, rounds = 13) {
  const [us, peer] = await spreads(
    [few.args, bare].map((args) => () => untilListed(args)),
    rounds,
  );
  return {
    ...row('mcp, start to the answer to tools/list', us, peer),
    ...atMost(us.median / peer.median, BUDGET, { why: WHY }),
  };
}

async function untilListed(args) {
  let client;
  const time = await elapsed(async () => {
    client = await openedMcp(args);
    await client.ask(LIST_TOOLS.method, LIST_TOOLS.params);
  });
  await client.end();
  return time;
}

/** The home is opened after the first answer: what that costs shows here. The design has no budget for it. */
async function firstJob(sizes, bare, rounds = 7) {
  const [peer, ...figures] = await spreads(
    [bare, ...sizes.map(({ args }) => args)].map((args) => () => firstAnswer(args, INITIALIZE, GET_JOB)),
    rounds,
  );
  return sizes.map(({ jobs }, index) =>
    row(`mcp, start to the answer to get_job, ${jobs.toLocaleString('en')} jobs`, figures[index], peer),
  );
}

function row(name, us, peer) {
  const { value, spread } = shown(us);
  const peers = [{ name: BARE, ...shown(peer) }];
  return { name, ours: value, spread, unit: 'ms', peers, ...ratioTo(BARE, us.median, peer.median) };
}
