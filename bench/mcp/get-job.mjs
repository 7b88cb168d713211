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
const LOOKING = 'the bare SDK that looks and remembers';
const WHY =
  'The bare SDK gives its argument back. Ours gives the answer of the call before while a look shows that nothing of what it was made of has changed; so does the other peer, which has the answer by heart and looks at the same files with four system calls. That peer is the floor on this SDK: its answer is many times as long as that of the bare one. By a profile of ours, a sixth of the time is the operation (half of that one PRAGMA that says whether anybody has written), a third writing to the pipe, and the rest the SDK.';
const WHY_ANOTHER =
  'Nothing is remembered of these: eight small statements of SQL, the file of the job held against what is known of it, five occurrences, and the words that explain it are more than half of the time, by a profile. The bare SDK does nothing, and no server that reads a job can come to its rate.';

/** How calls come, and how many of them make a round: where each waits for the one before, short rounds and many, since the system now has both processes on one core and now on two. */
const WAYS = {
  sequential: { measure: sequentially, ofEach: inTurn, calls: 100, rounds: 51 },
  pipelined: { measure: pipelined, ofEach: inOnePiece, calls: 1_000, rounds: 7 },
};

/** More jobs in turn than answers are remembered. */
const JOBS = 1_000;

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
      const others = jobsInTurn(Math.min(JOBS, sizes[1].jobs));
      await way.ofEach(ours[1], others(isSmoke ? 4 : JOBS));
      const [another, ...figures] = await spreads(
        [
          () => way.ofEach(ours[1], others(calls)),
          ...rivals.map((client) => () => way.measure(client, GET_JOB, calls)),
        ],
        rounds ?? way.rounds,
      );
      rows.push(...rowsOf(how, sizes, figures, another));
    }
    return rows;
  } finally {
    for (const client of clients) await client.end();
  }
}

/** The next requests, each for another job of a home: the answer to none of them is remembered. */
function jobsInTurn(jobs) {
  let at = 0;
  return (count) =>
    Array.from({ length: count }, () => {
      at = (at + 1) % jobs;
      const job_id = `prices-${String(at).padStart(5, '0')}`;
      return { method: GET_JOB.method, params: { name: 'get_job', arguments: { job_id } } };
    });
}

/** Calls a second of these requests, each after the answer to the one before it. */
async function inTurn(client, requests) {
  const started = performance.now();
  for (const { method, params } of requests) await client.ask(method, params);
  return requests.length / ((performance.now() - started) / 1000);
}

/** Calls a second of these requests, all sent in one piece. */
async function inOnePiece(client, requests) {
  const started = performance.now();
  await client.askAll(requests);
  return requests.length / ((performance.now() - started) / 1000);
}

function rowsOf(how, sizes, figures, another) {
  const [us] = figures;
  const [bare, looking] = figures.slice(sizes.length);
  return [
    row(`mcp, get_job ${how}, one job again and again`, us, { bare, looking }, WHY),
    row(`mcp, get_job ${how}, another job each time`, another, { bare, looking }, WHY_ANOTHER),
    growth(
      `mcp, get_job ${how}, a call`,
      sizes.map(({ jobs }, index) => ({ n: jobs, cost: 1_000 / figures[index].median })),
    ),
  ];
}

function row(name, us, { bare, looking }, why) {
  const { value, spread } = shown(us);
  return {
    name,
    ours: value,
    spread,
    unit: 'a second',
    peers: [
      { name: BARE, ...shown(bare) },
      { name: LOOKING, ...shown(looking) },
    ],
    ...ratioTo(BARE, us.median, bare.median),
    ...atLeast(us.median / bare.median, BUDGET, { why }),
  };
}
