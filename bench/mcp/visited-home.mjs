import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { JobManager } from '../../dist/index.js';
import { jobHome } from '../job-home.mjs';
import { call, openedMcp } from './requests.mjs';

const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/**
 * A home of which each job has run on a page of its own, on loopback. A good run keeps the page.
 * @param pages of HTML, one a job
 * @param options.item the selector of the rows, which have a title in h3 and a price in .price
 * @param options.times how often each job has run
 * @returns the home, what the server is started with, and the ids of the runs that have kept the pages, in the order of the jobs
 */
export async function visitedHome(pages, { item, times = 1 }) {
  const site = createServer((request, response) => {
    const page = pages[Number(request.url.slice(1))];
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page);
  });
  await once(site.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = site.address();
    const config = (index) =>
      `url: http://127.0.0.1:${port}/${index}\nitem: ${item}\nselectors: { title: h3, price: .price }\n`;
    const configs = Object.fromEntries(pages.map((_, index) => [`page-${index}`, config(index)]));
    const home = await jobHome(pages.length, (index) => ({ config_name: `page-${index}` }), { configs });
    await runAll(home, times);
    const args = [PROGRAM, 'mcp', '--home', home];
    return { home, args, runs: await newestRuns(args, pages.length) };
  } finally {
    site.closeAllConnections();
    site.close();
  }
}

async function runAll(home, times) {
  const manager = new JobManager({ home });
  for (let left = times; left > 0; left -= 1) {
    for (const job of await manager.listJobs())
      if (!(await job.run())) throw new Error(`a run of ${job.id} failed`);
  }
  await manager.close();
}

async function newestRuns(args, jobs) {
  const client = await openedMcp(args);
  const runs = [];
  for (let index = 0; index < jobs; index += 1) {
    const job_id = `prices-${String(index).padStart(5, '0')}`;
    runs.push((await call(client, 'list_runs', { job_id })).runs[0].run_id);
  }
  await client.end();
  return runs;
}
