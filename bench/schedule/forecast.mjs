import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jobHome } from '../job-home.mjs';
import { LineClient } from '../line-client.mjs';
import { productPackage } from '../peers.mjs';
import { elapsed, shown, spreads } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { mixed } from './job-mix.mjs';

const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const HOURS = 7 * 24;
const JOBS = 1_000;
const CRONER = 'croner 11 alone';
const WHY =
  'Croner counts the occurrences; ours also writes them out with their notes, by hour, and where they collide.';

/**
 * What all jobs are going to start in seven days: forecast_runs as users call it (over JSON-RPC: the first thousand occurrences
 * one by one with their notes, all of them by hour, collisions), beside croner alone, which keeps an object for each job and
 * walks its occurrences.
 */
export async function forecasts({ rounds = 3, isSmoke }) {
  const { Cron } = await productPackage('croner');
  const beside = isSmoke ? 10 : JOBS;
  const home = await jobHome(beside, (index) => ({ schedule: mixed(index).dict }));
  const client = new LineClient([PROGRAM, 'rpc', '--home', home]);
  try {
    const crons = Array.from({ length: beside }, (_, index) => {
      const { dict, cron } = mixed(index);
      return new Cron(cron, { timezone: dict.timezone, paused: true, fixedTimeRule: 'no-wildcard' });
    });
    const walk = (from, until) =>
      crons.reduce((total, cron) => {
        let count = 0;
        for (let at = cron.nextRun(from); at && at <= until; at = cron.nextRun(at)) count += 1;
        return total + count;
      }, 0);
    const { from, until, total } = await client.ask('forecast_runs', { hours: HOURS });
    const walked = walk(new Date(from), new Date(until));
    if (walked !== total) throw new Error(`forecast_runs has ${total} occurrences, croner ${walked}`);
    const [us, croner] = await spreads(
      [
        () => elapsed(() => client.ask('forecast_runs', { hours: HOURS })),
        () => elapsed(() => walk(new Date(from), new Date(until))),
      ],
      rounds,
    );
    return [
      {
        name: `forecast of 7 days, ${beside.toLocaleString('en')} jobs, ${total.toLocaleString('en')} occurrences`,
        ...{ ours: shown(us).value, spread: shown(us).spread, unit: 'ms' },
        peers: [{ name: CRONER, ...shown(croner) }],
        ...ratioTo(CRONER, us.median, croner.median),
        ...atMost(us.median / croner.median, 1.1, { why: WHY, from: 'own' }),
      },
    ];
  } finally {
    await client.end();
    rmSync(home, { recursive: true, force: true });
  }
}
