// So many runs of one page each with BullMQ, a child process each: a queue, and one worker, so many at once. The queue is
// filled by this process, too, before the worker begins. Usage: MODULE SOCKET FOLDER RUNS AT_ONCE URL…; MODULE is the bundled
// scrape-page-alone.mjs. Says in JSON when each job ended, in ms from the worker's start on.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Queue, Worker } from 'bullmq';

const [module, path, folder, ...rest] = process.argv.slice(2);
const [runs, atOnce] = rest.splice(0, 2).map(Number);
const queue = new Queue('processes', { connection: { path } });
const jobs = Array.from({ length: runs }, (_, index) => ({
  name: 'page',
  data: { url: rest[index % rest.length], file: join(folder, `bullmq-${index % 100}.jsonl`) },
  opts: { removeOnComplete: true },
}));
await queue.addBulk(jobs);

const ends = [];
const started = performance.now();
const worker = new Worker(
  'processes',
  async ({ data: { url, file } }) => {
    const { stdout } = await promisify(execFile)(process.execPath, [module, url, file]);
    if (stdout.trim() !== '30') throw new Error(`${stdout} rows of 30`);
  },
  { connection: { path, maxRetriesPerRequest: null }, concurrency: atOnce },
);
worker.on('failed', (_, error) => {
  console.error(error);
  process.exit(1);
});
worker.on('completed', () => {
  ends.push(performance.now() - started);
  if (ends.length < runs) return;
  console.log(JSON.stringify(ends));
  process.exit(0);
});
