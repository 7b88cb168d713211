import { JobSchedule } from '../dist/index.js';
import { productPackage } from './peers.mjs';
import { medians, round } from './rounds.mjs';

const COUNT = 2_000;
const PATTERNS = [
  ['0 9 * * 1-5', 'Europe/Berlin'],
  ['*/15 * * * *', 'UTC'],
];

/** Next occurrences per second, against croner alone with its object kept (budget of docs: ≤ 1.1 × its time). */
export async function schedule({ rounds }) {
  const { Cron } = await productPackage('croner');
  const rows = [];
  for (const [pattern, timezone] of PATTERNS) {
    const ours = JobSchedule.custom(pattern, { timezone });
    const theirs = new Cron(pattern, { timezone, paused: true, fixedTimeRule: 'no-wildcard' });
    const walk = (next) => () => {
      const started = performance.now();
      for (let at = new Date('2026-01-01T00:00:00Z'), left = COUNT; left > 0; left -= 1) at = next(at);
      return COUNT / ((performance.now() - started) / 1000);
    };
    const rivals = [walk((at) => ours.getNextRunTime(at)), walk((at) => theirs.nextRun(at))];
    const [us, croner] = await medians(rivals, rounds);
    rows.push({
      name: `next occurrence, ${pattern} in ${timezone}`,
      ours: Math.round(us),
      unit: 'per second',
      peers: [{ name: 'croner 11', value: Math.round(croner) }],
      ratio: round(croner / us),
      budget: 1.1,
      met: croner / us <= 1.1,
    });
  }
  return rows;
}
