import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPeer } from './bundled-peer.mjs';
import { jobHome, removeHome } from './job-home.mjs';
import { cpu } from './mcp/cpu.mjs';
import { getJob } from './mcp/get-job.mjs';
import { getPage } from './mcp/get-page.mjs';
import { listJobs } from './mcp/list-jobs.mjs';
import { memory } from './mcp/memory.mjs';
import { shopPage } from './mcp/shop-page.mjs';
import { start } from './mcp/start.mjs';
import { visitedHome } from './mcp/visited-home.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** `quickscrape mcp` with homes of three sizes, against the least that a server on the same SDK can be, bundled in the same way. */
export async function mcp({ rounds, isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const sizes = [];
  try {
    for (const jobs of isSmoke ? [10, 20, 40] : [100, 1_000, 10_000]) {
      const home = await jobHome(jobs);
      sizes.push({ jobs, home, args: [PROGRAM, 'mcp', '--home', home] });
    }
    const bare = [await bundledPeer('bare-mcp', folder)];
    return [
      ...(await start(sizes, bare, rounds)),
      ...(await getJob(sizes, bare, { folder, rounds, isSmoke })),
      ...(await listJobs(sizes, bare, { rounds, isSmoke })),
      ...(await getPage(folder, { rounds, isSmoke })),
      ...(await usage({ rounds, isSmoke })),
    ];
  } finally {
    for (const each of [folder, ...sizes.map(({ home }) => home)])
      rmSync(each, { recursive: true, force: true });
  }
}

/** What the server takes of the machine, as Linux counts it, with jobs that have run. */
async function usage(options) {
  if (!existsSync('/proc/self/status')) return [];
  const pages = Array.from({ length: options.isSmoke ? 2 : 16 }, (_, shop) => shopPage(20, `${shop}-`));
  const visited = await visitedHome(pages, { item: 'li.product', times: options.isSmoke ? 1 : 2 });
  try {
    return [...(await cpu(visited, options)), ...(await memory(visited, options))];
  } finally {
    await removeHome(visited.home);
  }
}
