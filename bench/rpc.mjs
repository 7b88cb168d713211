import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPeer } from './bundled-peer.mjs';
import { jobHome } from './job-home.mjs';
import { firstAnswer, LineClient, pipelined, sequentially } from './line-client.mjs';
import { INITIALIZE, openedMcp } from './mcp.mjs';
import { round, shown, spreads } from './rounds.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const CALLS = 1_000;
const JOB = { job_id: 'prices-00000' };
const GET_JOB = { method: 'get_job', params: JOB };
const CALL_TOOL = { method: 'tools/call', params: { name: 'get_job', arguments: JOB } };

/**
 * `quickscrape rpc` beside the least that a server can be: json-rpc-2.0 alone, and lines of JSON without even that; they
 * read no job. JSON-RPC has the budgets of MCP, so the ratio is to the bare MCP server, whose answers are as trivial.
 */
export async function rpc({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const home = await jobHome(1);
  try {
    const rivals = [
      { name: 'ours', args: [PROGRAM, 'rpc', '--home', home] },
      { name: 'json-rpc-2.0 alone', args: [await bundledPeer('bare-json-rpc', folder)] },
      { name: 'lines of JSON alone', args: [await bundledPeer('bare-lines', folder)] },
      { name: 'the bare MCP SDK', args: [await bundledPeer('bare-mcp', folder)], mcp: true },
    ];
    return [await start(rivals, rounds), ...(await getJob(rivals, rounds))];
  } finally {
    for (const each of [folder, home]) rmSync(each, { recursive: true, force: true });
  }
}

async function start(rivals, rounds = 21) {
  const figures = await spreads(
    rivals.map(
      ({ args, mcp }) =>
        () =>
          firstAnswer(args, mcp ? INITIALIZE : GET_JOB),
    ),
    rounds,
  );
  return row('rpc, start to the answer to get_job', 'ms', rivals, figures, 1.3, (ratio) => ratio <= 1.3);
}

async function getJob(rivals, rounds = 7) {
  const clients = await Promise.all(
    rivals.map(async ({ args, mcp }) => (mcp ? openedMcp(args) : new LineClient(args))),
  );
  const requests = rivals.map(({ mcp }) => (mcp ? CALL_TOOL : GET_JOB));
  const rows = [];
  for (const [how, measure] of Object.entries({ sequential: sequentially, pipelined })) {
    for (const [index, client] of clients.entries()) await measure(client, requests[index], CALLS / 5);
    const figures = await spreads(
      clients.map((client, index) => () => measure(client, requests[index], CALLS)),
      rounds,
    );
    rows.push(row(`rpc, get_job ${how}`, 'a second', rivals, figures, 0.8, (ratio) => ratio >= 0.8));
  }
  await Promise.all(clients.map((client) => client.end()));
  return rows;
}

function row(name, unit, rivals, figures, budget, isMet) {
  const [us, ...others] = figures.map((figure) => shown(figure));
  const peers = others.map((figure, index) => ({ name: rivals[index + 1].name, ...figure }));
  const ratio = figures[0].median / figures.at(-1).median;
  return {
    name,
    ours: us.value,
    spread: us.spread,
    unit,
    peers,
    ratio: round(ratio),
    budget,
    met: isMet(ratio),
  };
}
