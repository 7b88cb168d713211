import { growth } from '../growth.mjs';
import { firstAnswer } from '../line-client.mjs';
import { shown, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { DISCOVER, GET_JOB, INITIALIZE } from './requests.mjs';

const BUDGET = 1.3;
const BARE = 'the bare SDK';
const WHY = 'Above the bare SDK is what it takes to load the program around it and the schemas of its tools.';

/** From the start of the process to the first answer, as clients of both eras open, and to an answer for which the home is opened. */
export async function start(sizes, bare, rounds) {
  const [{ args }] = sizes;
  return [
    await opened('initialize', INITIALIZE, args, bare, rounds),
    await opened('server/discover', DISCOVER, args, bare, rounds),
    ...(await firstJob(sizes, bare, rounds)),
  ];
}

async function opened(opening, request, ours, bare, rounds = 13) {
  const [us, peer] = await spreads(
    [ours, bare].map((args) => () => firstAnswer(args, request)),
    rounds,
  );
  const why = WHY;
  return {
    ...row(`mcp, start to the answer to ${opening}`, us, peer),
    ...atMost(us.median / peer.median, BUDGET, { why }),
  };
}

/** The home is opened after the first answer: what that costs shows here. The design has no budget for it. */
async function firstJob(sizes, bare, rounds = 9) {
  const [peer, ...figures] = await spreads(
    [bare, ...sizes.map(({ args }) => args)].map((args) => () => firstAnswer(args, INITIALIZE, GET_JOB)),
    rounds,
  );
  return [
    ...sizes.map(({ jobs }, index) =>
      row(`mcp, start to the answer to get_job, ${jobs.toLocaleString('en')} jobs`, figures[index], peer),
    ),
    growth(
      'mcp, start to the answer to get_job',
      sizes.map(({ jobs }, index) => ({ n: jobs, cost: figures[index].median })),
    ),
  ];
}

function row(name, us, peer) {
  const { value, spread } = shown(us);
  const peers = [{ name: BARE, ...shown(peer) }];
  return { name, ours: value, spread, unit: 'ms', peers, ...ratioTo(BARE, us.median, peer.median) };
}
