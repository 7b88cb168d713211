import { JobSchedule } from '../../dist/index.js';
import { productPackage } from '../peers.mjs';
import { elapsed, round, shown, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { mixed } from './job-mix.mjs';

const FROM = new Date('2026-11-26T12:00:00Z');
const JOBS = 100_000;
/** So many that croner has them in a moment. */
const FEW = 1_000;
/** A second for 100,000 jobs. */
const PLANNED_MS = 1_000;
const WHY =
  'By a profile a third is collecting garbage, a third taking expressions apart, and the rest finding occurrences: some 5 µs a job.';

/**
 * What stands between 100,000 jobs that have been read and a scheduler that waits for the first of them: each schedule
 * checked, its next occurrence found, and all of them in one heap. croner's object is made for each and dropped: 100,000 that
 * are kept take 8 GB.
 */
export async function planning({ rounds = 5, isSmoke }) {
  const { Cron } = await productPackage('croner');
  const { default: TinyQueue } = await productPackage('tinyqueue');
  const [few, jobs] = isSmoke ? [10, 40] : [FEW, JOBS];
  const all = Array.from({ length: jobs }, (_, index) => mixed(index));
  const plan = (count, next) => () =>
    elapsed(() => {
      const heap = new TinyQueue([], (a, b) => a.at - b.at);
      for (let index = 0; index < count; index += 1) heap.push({ at: next(all[index]), index });
      if (heap.length !== count || Number.isNaN(heap.peek().at))
        throw new Error(`${heap.length} of ${count} jobs have a plan`);
    });
  const ours = ({ dict }) => JobSchedule.fromDict(dict).getNextRunTime(FROM).getTime();
  const croners = ({ dict: { timezone }, cron }) =>
    new Cron(cron, { timezone, paused: true, fixedTimeRule: 'no-wildcard' }).nextRun(FROM).getTime();
  for (const job of all.slice(0, 1_000)) {
    if (ours(job) !== croners(job))
      throw new Error(`${JSON.stringify(job.dict)}: croner has another occurrence`);
  }
  const [many, peer] = await spreads([plan(jobs, ours), plan(few, croners)], rounds);
  const us = shown(many);
  const croner = `croner 11, ${few.toLocaleString('en')} jobs × ${jobs / few}`;
  const theirs = peer.median * (jobs / few);
  return [
    {
      name: `${jobs.toLocaleString('en')} different jobs planned`,
      ...{ ours: us.value, spread: us.spread, unit: 'ms' },
      // It would take seconds: counted by what the fewest take, since each job is by itself.
      peers: [{ name: croner, value: round(theirs, 0) }],
      ...ratioTo(croner, many.median, theirs),
      ...atMost(many.median, PLANNED_MS, { unit: 'ms', why: WHY, from: 'own' }),
    },
  ];
}
