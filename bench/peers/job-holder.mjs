// Holds all jobs of a home, by the library, by its parsed files alone or not at all, and prints what memory that takes, as
// JSON. Node has to be started with --expose-gc.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobManager } from '../../dist/index.js';

const [how, home] = process.argv.slice(2);
const manager = new JobManager({ home });
// What is loaded with the first call counts for an empty home as well.
await manager.getJob('none');
const folder = join(home, 'jobs');
const hold = {
  library: () => manager.listJobs(),
  files: () => readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))),
  nothing: () => [],
};
const held = await hold[how]();
globalThis.gc();
globalThis.gc();
const { heapUsed, rss } = process.memoryUsage();
console.log(JSON.stringify({ jobs: held.length, heapUsed, rss, peak: peak() }));
manager.close();

/** In bytes. What getrusage tells begins with the memory of whoever started us, where the system does not know better. */
function peak() {
  const status = '/proc/self/status';
  if (!existsSync(status)) return process.resourceUsage().maxRSS * 1024;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))[1]) * 1024;
}
