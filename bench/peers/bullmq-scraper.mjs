// So many runs of one page each with BullMQ: a queue, and one worker in a process that stays, so many at once. The queue is
// filled by this process, too, before the worker begins. Usage: MODULE SOCKET FOLDER RUNS AT_ONCE URL…; says in JSON when each
// job ended, in ms from the worker's start on.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Queue, Worker } from 'bullmq';

const [module, path, folder, ...rest] = process.argv.slice(2);
const [runs, atOnce] = rest.splice(0, 2).map(Number);
const { scrapePage } = await import(pathToFileURL(module).href);
const queue = new Queue('pages', { connection: { path } });
const jobs = Array.from({ length: runs }, (_, index) => ({
  name: 'page',
  data: { url: rest[index % rest.length], file: join(folder, `bullmq-${index % 100}.jsonl`) },
  opts: { removeOnComplete: true },
}));
await queue.addBulk(jobs);

const ends = [];
const started = performance.now();
const worker = new Worker(
  'pages',
  async ({ data }) => {
    const rows = await scrapePage(data);
    if (rows !== 30) throw new Error(`${rows} rows of 30`);
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
