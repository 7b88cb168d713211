import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPeer } from './bundled-peer.mjs';
import { jobHome } from './job-home.mjs';
import { firstAnswer, LineClient, pipelined, sequentially } from './line-client.mjs';
import { roundRobinJobs } from './round-robin-jobs.mjs';
import { shown, spreads } from './rounds.mjs';
import { ratioTo } from './verdict.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const LIBRARY = 'json-rpc-2.0 alone';
const GET_JOB = { method: 'get_job', params: { job_id: 'prices-00000' } };
const LIST_JOBS = { method: 'list_jobs', params: {} };

/**
 * `quickscrape rpc` with homes of three sizes beside json-rpc-2.0 alone, the library that ours is built on, which reads no
 * job; the design has no budget for JSON-RPC. Lines of JSON without even the library stand beside what is sent in one piece:
 * a call that waits for the one before it waits for the pipe nearly all of its time, whoever answers.
 */
export async function rpc({ rounds, isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const sizes = [];
  try {
    for (const jobs of isSmoke ? [10, 20, 40] : [100, 1_000, 10_000]) {
      const home = await jobHome(jobs);
      sizes.push({ jobs, home, args: [PROGRAM, 'rpc', '--home', home] });
    }
    const peers = { [LIBRARY]: [await bundledPeer('bare-json-rpc', folder)] };
    const both = { ...peers, 'lines of JSON alone': [await bundledPeer('bare-lines', folder)] };
    // Many short rounds: the system now has both processes on one core and now on two.
    const calls = isSmoke ? 10 : 100;
    const sequential = (client, request) => sequentially(client, request, calls);
    const inOnePiece = (client, request) => pipelined(client, request, 10 * calls);
    return [
      ...(await start(sizes, peers, rounds ?? 7)),
      ...(await called('get_job sequential', anotherJob, sequential, { sizes, peers, rounds: rounds ?? 31 })),
      ...(await called('get_job pipelined', anotherJob, inOnePiece, {
        sizes,
        peers: both,
        rounds: rounds ?? 7,
      })),
      ...(await called('list_jobs sequential', () => LIST_JOBS, sequential, {
        sizes,
        peers,
        rounds: rounds ?? 11,
      })),
    ];
  } finally {
    for (const each of [folder, ...sizes.map(({ home }) => home)])
      rmSync(each, { recursive: true, force: true });
  }
}

async function start(sizes, peers, rounds) {
  const figures = await spreads(
    [...sizes.map(({ args }) => args), ...Object.values(peers)].map(
      (args) => () => firstAnswer(args, GET_JOB),
    ),
    rounds,
  );
  return rowsOf('start to the answer to get_job', 'ms', sizes, peers, figures);
}

/** Another job each time: none of the answers is one that is remembered. */
const anotherJob = ({ jobs }) =>
  roundRobinJobs(jobs, (job_id) => ({ method: GET_JOB.method, params: { job_id } }));

/**
 * @param requestOf what a home of a size is asked for
 * @param measure asks a server so many times, and returns calls a second; the peers have one method only
 */
async function called(what, requestOf, measure, { sizes, peers, rounds }) {
  const rivals = [
    ...sizes.map((size) => ({ client: new LineClient(size.args), request: requestOf(size) })),
    ...Object.values(peers).map((args) => ({ client: new LineClient(args), request: GET_JOB })),
  ];
  try {
    // What is compiled and read for the first time does not count.
    for (const rival of rivals) await measure(rival.client, rival.request);
    const figures = await spreads(
      rivals.map((rival) => () => measure(rival.client, rival.request)),
      rounds,
    );
    return rowsOf(what, 'a second', sizes, peers, figures);
  } finally {
    await Promise.all(rivals.map(({ client }) => client.end()));
  }
}

/** A row for each size, all beside the same peers. */
function rowsOf(what, unit, sizes, peers, figures) {
  const theirs = figures.slice(sizes.length);
  const beside = Object.keys(peers).map((name, index) => ({ name, ...shown(theirs[index]) }));
  return sizes.map(({ jobs }, index) => {
    const { value, spread } = shown(figures[index]);
    return {
      name: `rpc, ${what}, ${jobs.toLocaleString('en')} jobs`,
      ours: value,
      spread,
      unit,
      peers: beside,
      ...ratioTo(LIBRARY, figures[index].median, theirs[0].median),
    };
  });
}
