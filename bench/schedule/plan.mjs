import { JobSchedule } from '../../dist/index.js';
import { growth } from '../growth.mjs';
import { productPackage } from '../peers.mjs';
import { elapsed, round, shown, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { mixed } from './job-mix.mjs';

const FROM = new Date('2026-11-26T12:00:00Z');
const SIZES = [1_000, 10_000, 100_000];
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
  const sizes = isSmoke ? [10, 20, 40] : SIZES;
  const all = Array.from({ length: sizes.at(-1) }, (_, index) => mixed(index));
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
  const [few, some, many, peer] = await spreads(
    [...sizes.map((size) => plan(size, ours)), plan(sizes[0], croners)],
    rounds,
  );
  const us = shown(many);
  const croner = `croner 11, ${sizes[0].toLocaleString('en')} jobs × ${sizes.at(-1) / sizes[0]}`;
  const theirs = peer.median * (sizes.at(-1) / sizes[0]);
  return [
    {
      name: `${sizes.at(-1).toLocaleString('en')} different jobs planned`,
      ...{ ours: us.value, spread: us.spread, unit: 'ms' },
      // It would take seconds: counted by what the fewest take, since each job is by itself.
      peers: [{ name: croner, value: round(theirs, 0) }],
      ...ratioTo(croner, many.median, theirs),
      ...atMost(many.median, PLANNED_MS, { unit: 'ms', why: WHY, from: 'own' }),
    },
    growth(
      'planning',
      [few, some, many].map(({ median }, index) => ({ n: sizes[index], cost: median })),
    ),
  ];
}
