// So many runs of one page each with Bree: a worker thread a run, so many at once. Usage: WORKER FOLDER RUNS AT_ONCE URL…;
// says in JSON when each run ended, in ms from the first start on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Bree from 'bree';

const [worker, folder, ...rest] = process.argv.slice(2);
const [runs, atOnce] = rest.splice(0, 2).map(Number);
const files = Array.from({ length: runs }, (_, index) => join(folder, `bree-${index}.jsonl`));
const jobs = files.map((file, index) => ({
  name: `job-${index}`,
  path: worker,
  timeout: false,
  worker: { workerData: { url: rest[index % rest.length], file } },
}));
const bree = new Bree({ root: false, logger: false, jobs });
await bree.start();

const started = performance.now();
let next = 0;
const ends = [];
const start = () => next < runs && bree.run(`job-${next++}`);
bree.on('worker deleted', () => {
  ends.push(performance.now() - started);
  if (ends.length === runs) end();
  else start();
});
for (let left = atOnce; left > 0; left -= 1) start();

function end() {
  for (const file of files)
    if (readFileSync(file, 'utf8').trim().split('\n').length !== 30) throw new Error(`${file} is not whole`);
  console.log(JSON.stringify(ends));
  process.exit(0);
}
