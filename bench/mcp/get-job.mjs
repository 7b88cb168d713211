import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPeer } from '../bundled-peer.mjs';
import { growth } from '../growth.mjs';
import { pipelined, sequentially } from '../line-client.mjs';
import { productFile } from '../peers.mjs';
import { roundRobinJobs } from '../round-robin-jobs.mjs';
import { shown, spreads } from '../rounds.mjs';
import { atLeast, ratioTo } from '../verdict.mjs';
import { GET_JOB, openedMcp } from './requests.mjs';

const BUDGET = 0.8;
const BARE = 'the bare SDK';
const LOOKING = 'the bare SDK that looks and remembers';
const READING = 'the bare SDK that reads a job';
const WHY =
  'The bare SDK gives its argument back. Ours gives the answer of the call before while a look shows that nothing of what it was made of has changed; so does the other peer, which has the answer by heart and looks at the same files with four system calls. That peer is the floor on this SDK: its answer is many times as long as that of the bare one. By a profile of ours, a sixth of the time is the operation (more than a third of that one PRAGMA that says whether anybody has written), a third writing to the pipe, and the rest the SDK.';
const WHY_ANOTHER =
  'Nothing is remembered of these. The other peer reads the job, too, and nothing else: its file, its row and its last runs, two statements of SQL in place of eight; what it would have to say of them it has by heart. That peer is the floor of a server on this SDK that reads a job, so that the budget, which speaks of one that does nothing, cannot be reached. By a profile of ours, the operation is more than half of the time: SQL two fifths of that, then the explanation, five occurrences and their words.';

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
    const reading = await open([
      await bundledPeer('reading-mcp', folder),
      sizes[0].home,
      answer,
      productFile('libsql'),
    ]);
    const another = sizes.map(({ jobs }) => roundRobinJobs(jobs, asked));
    const readingNext = roundRobinJobs(sizes[0].jobs, asked);
    // Each job has been read once by then.
    for (const [index, next] of another.entries())
      await pipelined(ours[index], next, isSmoke ? 4 : sizes[index].jobs);
    const rows = [];
    for (const [how, way] of Object.entries(WAYS)) {
      const calls = isSmoke ? 20 : way.calls;
      const rivals = [...ours, theirs, looking, reading];
      // What is compiled and read for the first time does not count.
      for (const client of rivals) await way.measure(client, GET_JOB, isSmoke ? 4 : 200);
      const figures = await spreads(
        [
          ...rivals.map((client) => {
            const next = client === reading ? readingNext : GET_JOB;
            return () => way.measure(client, next, calls);
          }),
          ...another.map((next, index) => () => way.measure(ours[index], next, calls)),
        ],
        rounds ?? way.rounds,
      );
      rows.push(...rowsOf(how, sizes, figures));
    }
    return rows;
  } finally {
    for (const client of clients) await client.end();
  }
}

const asked = (job_id) => ({ method: GET_JOB.method, params: { name: 'get_job', arguments: { job_id } } });

function rowsOf(how, sizes, figures) {
  const same = figures.slice(0, sizes.length);
  const [bare, looking, reading, ...another] = figures.slice(sizes.length);
  const curve = (what, found) =>
    growth(
      `mcp, get_job ${how}, ${what}, a call`,
      sizes.map(({ jobs }, index) => ({ n: jobs, cost: 1_000 / found[index].median })),
    );
  return [
    row(`mcp, get_job ${how}, one job again and again`, same[0], { [BARE]: bare, [LOOKING]: looking }, WHY),
    curve('one job again and again', same),
    row(
      `mcp, get_job ${how}, another job each time`,
      another[0],
      { [BARE]: bare, [READING]: reading },
      WHY_ANOTHER,
    ),
    curve('another job each time', another),
  ];
}

function row(name, us, peers, why) {
  const bare = peers[BARE];
  const { value, spread } = shown(us);
  return {
    name,
    ours: value,
    spread,
    unit: 'a second',
    peers: Object.entries(peers).map(([peer, figure]) => ({ name: peer, ...shown(figure) })),
    ...ratioTo(BARE, us.median, bare.median),
    ...atLeast(us.median / bare.median, BUDGET, { why }),
  };
}
