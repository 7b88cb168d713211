import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPeer } from '../bundled-peer.mjs';
import { pipelined, sequentially } from '../line-client.mjs';
import { productFile } from '../peers.mjs';
import { roundRobinJobs } from '../round-robin-jobs.mjs';
import { shown, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { GET_JOB, openedMcp } from './requests.mjs';

const BUDGET_US = 600;
const BARE = 'the bare SDK';
const READING = 'the bare SDK that reads a job';
const WHY =
  'The bare SDK gives its argument back. The other peer reads the job and nothing else: its file, its row and its last runs, two statements of SQL in place of eight; the rest of its answer is fixed. By a profile of ours, the operation is more than half of the time: SQL two fifths of that, then the explanation, five occurrences and their words.';

/** How calls come, and how many of them make a round: where each waits for the one before, short rounds and many, since the system now has both processes on one core and now on two. */
const WAYS = {
  sequential: { measure: sequentially, calls: 100, rounds: 51, budget: BUDGET_US },
  pipelined: { measure: pipelined, calls: 1_000, rounds: 7 },
};

/** Another job with each call, beside a server that knows nothing and one that reads a job and nothing else. */
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
    const reading = await open([
      await bundledPeer('reading-mcp', folder),
      sizes[0].home,
      answer,
      productFile('libsql'),
    ]);
    const next = sizes.map(({ jobs }) => roundRobinJobs(jobs, asked));
    // Each job has been read once by then.
    for (const [index, each] of next.entries())
      await pipelined(ours[index], each, isSmoke ? 4 : sizes[index].jobs);
    const rivals = [
      ...ours.map((client, index) => [client, next[index]]),
      [theirs, GET_JOB],
      [reading, roundRobinJobs(sizes[0].jobs, asked)],
    ];
    const rows = [];
    for (const [how, way] of Object.entries(WAYS)) {
      const calls = isSmoke ? 20 : way.calls;
      // What is compiled and read for the first time does not count.
      for (const [client, request] of rivals) await way.measure(client, request, isSmoke ? 4 : 200);
      const figures = await spreads(
        rivals.map(
          ([client, request]) =>
            async () =>
              1_000_000 / (await way.measure(client, request, calls)),
        ),
        rounds ?? way.rounds,
      );
      rows.push(...rowsOf(how, way, sizes, figures));
    }
    return rows;
  } finally {
    for (const client of clients) await client.end();
  }
}

const asked = (job_id) => ({ method: GET_JOB.method, params: { name: 'get_job', arguments: { job_id } } });

/** @param figures microseconds a call, of each size and of both peers */
function rowsOf(how, { budget }, sizes, figures) {
  const [bare, reading] = figures.slice(sizes.length);
  const us = figures[0];
  const { value, spread } = shown(us);
  return [
    {
      name: `mcp, get_job ${how}, a call`,
      ours: value,
      spread,
      unit: 'µs',
      peers: [
        { name: BARE, ...shown(bare) },
        { name: READING, ...shown(reading) },
      ],
      ...ratioTo(BARE, us.median, bare.median),
      ...(budget !== undefined && atMost(us.median, budget, { unit: 'µs', why: WHY })),
    },
  ];
}
