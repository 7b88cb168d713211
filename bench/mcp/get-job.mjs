import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPeer } from '../bundled-peer.mjs';
import { growth } from '../growth.mjs';
import { pipelined, sequentially } from '../line-client.mjs';
import { shown, spreads } from '../rounds.mjs';
import { atLeast, ratioTo } from '../verdict.mjs';
import { GET_JOB, openedMcp } from './requests.mjs';

const BUDGET = 0.8;
const BARE = 'the bare SDK';
const WHY =
  'The bare SDK gives its argument back. The other peer shows what a server on the SDK comes to that has the answer by heart and only looks whether anything has changed: that is below the budget, too, for the answer is sixteen times as long. Of ours, by a profile of calls in one piece, 57 % is the operation (29 % eight small statements of SQL, so that no change is missed), 10 % collecting garbage, and the rest the SDK, whose part is the floor.';

/** How calls come, and how many of them make a round: where each waits for the one before, short rounds and many, since the system now has both processes on one core and now on two. */
const WAYS = {
  sequential: { measure: sequentially, calls: 100, rounds: 51 },
  pipelined: { measure: pipelined, calls: 1_000, rounds: 7 },
};

/** One job, again and again, beside a server that knows nothing and one that knows its answer. */
export async function getJob(sizes, bare, { folder, rounds, isSmoke }) {
  const clients = [];
  const open = async (args) => {
    const client = await openedMcp(args);
    clients.push(client);
    return client;
  };
  try {
    const ours = [];
    for (const { args } of sizes) ours.push(await open(args));
    const theirs = await open(bare);
    const answer = join(folder, 'answer.json');
    writeFileSync(answer, JSON.stringify(await ours[0].ask(GET_JOB.method, GET_JOB.params)));
    const looking = await open([await bundledPeer('looking-mcp', folder), sizes[0].home, answer]);
    const rows = [];
    for (const [how, way] of Object.entries(WAYS)) {
      const calls = isSmoke ? 20 : way.calls;
      const rivals = [...ours, theirs, looking];
      // What is compiled and read for the first time does not count.
      for (const client of rivals) await way.measure(client, GET_JOB, isSmoke ? 4 : 200);
      const figures = await spreads(
        rivals.map((client) => () => way.measure(client, GET_JOB, calls)),
        rounds ?? way.rounds,
      );
      rows.push(...rowsOf(how, sizes, figures));
    }
    return rows;
  } finally {
    for (const client of clients) await client.end();
  }
}

function rowsOf(how, sizes, figures) {
  const [us] = figures;
  const [bare, looking] = figures.slice(sizes.length);
  const { value, spread } = shown(us);
  return [
    {
      name: `mcp, get_job ${how}`,
      ours: value,
      spread,
      unit: 'a second',
      peers: [
        { name: BARE, ...shown(bare) },
        { name: 'the bare SDK that looks and remembers', ...shown(looking) },
      ],
      ...ratioTo(BARE, us.median, bare.median),
      ...atLeast(us.median / bare.median, BUDGET, { why: WHY }),
    },
    growth(
      `mcp, get_job ${how}, a call`,
      sizes.map(({ jobs }, index) => ({ n: jobs, cost: 1_000 / figures[index].median })),
    ),
  ];
}
