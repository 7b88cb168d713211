import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPeer } from './bundled-peer.mjs';
import { jobHome } from './job-home.mjs';
import { firstAnswer, LineClient, pipelined, sequentially } from './line-client.mjs';
import { round, shown, spreads } from './rounds.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const GET_JOB = { method: 'get_job', params: { job_id: 'prices-00000' } };

/**
 * `quickscrape rpc` beside the least that a server can be: json-rpc-2.0 alone, the library that ours is built on, and lines of
 * JSON without even that. They read no job. The ratio is to the library, since who speaks MCP does other work for each message;
 * the design has no budget for JSON-RPC.
 */
export async function rpc({ rounds, isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const home = await jobHome(1);
  try {
    const rivals = [
      { name: 'ours', args: [PROGRAM, 'rpc', '--home', home] },
      { name: 'json-rpc-2.0 alone', args: [await bundledPeer('bare-json-rpc', folder)] },
      { name: 'lines of JSON alone', args: [await bundledPeer('bare-lines', folder)] },
    ];
    return [await start(rivals, rounds), ...(await getJob(rivals, isSmoke ? 20 : 1_000, rounds))];
  } finally {
    for (const each of [folder, home]) rmSync(each, { recursive: true, force: true });
  }
}

async function start(rivals, rounds = 21) {
  const figures = await spreads(
    rivals.map(
      ({ args }) =>
        () =>
          firstAnswer(args, GET_JOB),
    ),
    rounds,
  );
  return row('rpc, start to the answer to get_job', 'ms', rivals, figures);
}

async function getJob(rivals, calls, rounds = 7) {
  const clients = rivals.map(({ args }) => new LineClient(args));
  const rows = [];
  for (const [how, measure] of Object.entries({ sequential: sequentially, pipelined })) {
    // What is compiled and read for the first time does not count.
    for (const client of clients) await measure(client, GET_JOB, calls / 5);
    const figures = await spreads(
      clients.map((client) => () => measure(client, GET_JOB, calls)),
      rounds,
    );
    rows.push(row(`rpc, get_job ${how}`, 'a second', rivals, figures));
  }
  await Promise.all(clients.map((client) => client.end()));
  return rows;
}

function row(name, unit, rivals, figures) {
  const [us, ...others] = figures.map((figure) => shown(figure));
  const peers = others.map((figure, index) => ({ name: rivals[index + 1].name, ...figure }));
  const ratio = figures[0].median / figures[1].median;
  return { name, ours: us.value, spread: us.spread, unit, peers, ratio: round(ratio) };
}
