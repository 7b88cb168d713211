import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPeer } from './bundled-peer.mjs';
import { jobHome } from './job-home.mjs';
import { getJob } from './mcp/get-job.mjs';
import { listJobs } from './mcp/list-jobs.mjs';
import { start } from './mcp/start.mjs';

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
    ];
  } finally {
    for (const each of [folder, ...sizes.map(({ home }) => home)])
      rmSync(each, { recursive: true, force: true });
  }
}
