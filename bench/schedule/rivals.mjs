import { JobSchedule } from '../../dist/index.js';
import { notInstalled, productPackage } from '../peers.mjs';

/**
 * Who can say when a pattern occurs next. Each `of(pattern, timezone, rule)` sets one up as its documentation recommends, and
 * returns a function that walks so many occurrences from an instant and returns the last of them, epoch ms. It is asked for
 * what it `can` say.
 *
 * @returns ours first, then croner in the product's version, then the peers: `missing` says how one that is not installed can
 *   be had
 */
export async function rivals() {
  const { Cron } = await productPackage('croner');
  return [
    {
      name: 'ours',
      can: () => true,
      of(pattern, timezone) {
        const schedule = JobSchedule.custom(pattern, { timezone });
        return eachAfter((at) => schedule.getNextRunTime(at));
      },
    },
    {
      name: 'croner 11',
      can: () => true,
      of(pattern, timezone) {
        // It is fastest in the process's own zone, which is UTC while this suite runs.
        const zone = timezone === 'UTC' ? {} : { timezone };
        const cron = new Cron(pattern, { ...zone, paused: true, fixedTimeRule: 'no-wildcard' });
        return eachAfter((at) => cron.nextRun(at));
      },
    },
    await peer(
      'cron-parser 5',
      'cron-parser',
      () => true,
      ({ CronExpressionParser }) =>
        (pattern, tz) => {
          const expression = CronExpressionParser.parse(pattern, { tz });
          return (from, count) => {
            expression.reset(from);
            let at;
            for (let left = count; left > 0; left -= 1) at = expression.next().getTime();
            return at;
          };
        },
    ),
    await peer(
      'cron-schedule 6',
      'cron-schedule',
      // It has neither zones (it takes the process's) nor L.
      (pattern, timezone) => timezone === 'UTC' && !pattern.includes('L'),
      ({ parseCronExpression }) =>
        (pattern) => {
          const cron = parseCronExpression(pattern);
          return eachAfter((at) => cron.getNextDate(at));
        },
    ),
    await peer(
      'node-schedule 2',
      'node-schedule',
      // Its cron strings are cron-parser 4's and can only be scheduled; its own rules can be asked. They have no L.
      (_pattern, _timezone, parts) => parts !== undefined,
      ({ default: { RecurrenceRule } }) =>
        (_pattern, tz, parts) => {
          const rule = Object.assign(new RecurrenceRule(), { second: 0, ...parts, tz });
          return eachAfter((at) => rule.nextInvocationDate(at));
        },
    ),
  ];
}

/** @param can whether it can say a pattern in a zone at all */
async function peer(name, packageName, can, of) {
  try {
    return { name, can, of: of(await import(packageName)) };
  } catch (error) {
    console.error(`${name} is left out: ${error.message}`);
    return { name, can, missing: notInstalled(name) };
  }
}

function eachAfter(next) {
  return (from, count) => {
    let at = from;
    for (let left = count; left > 0; left -= 1) at = next(at);
    return at.getTime();
  };
}
