import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineClient } from '../line-client.mjs';

const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const WATCHER = fileURLToPath(new URL('../peers/folder-watcher.mjs', import.meta.url));

/** Who tells of a home's changes: our server, and what it could be made of, each as a process. */
export const WATCHERS = {
  ours: (home) => [PROGRAM, 'rpc', '--home', home],
  chokidar: (home) => [WATCHER, 'chokidar', join(home, 'jobs')],
  'fs.watch': (home) => [WATCHER, 'watch', join(home, 'jobs')],
};

/**
 * A process that watches a home.
 * @param onTold is called with the id of each job that it tells of
 * @returns how long it took from being asked, by a process that runs, until it watched, in milliseconds
 */
export async function watching(who, home, onTold = () => {}) {
  const client = new LineClient(WATCHERS[who](home), ({ method, params }) => {
    if (method === 'job_changed') onTold(params.job_id);
  });
  // Whoever has answered has loaded all that it needs, and ours has opened the home.
  await client.ask('get_job', { job_id: 'prices-00000' });
  const started = performance.now();
  await client.ask('subscribe');
  return { client, took: performance.now() - started };
}
