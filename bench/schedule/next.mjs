import { JobSchedule } from '../../dist/index.js';
import { notInstalled, productPackage } from '../peers.mjs';
import { inTurn, round, shown, spreadOf, spreads } from '../rounds.mjs';
import { atLeast, notMeasured, ratioTo } from '../verdict.mjs';
import { rivals } from './rivals.mjs';

/** Each with what node-schedule's rules have for it. */
const PATTERNS = [
  ['0 9 * * 1-5', { minute: 0, hour: 9, dayOfWeek: [1, 2, 3, 4, 5] }],
  ['*/15 * * * *', { minute: [0, 15, 30, 45] }],
  ['0 0 29 2 *', { minute: 0, hour: 0, date: 29, month: 1 }],
  ['*/7 3 L * *', undefined],
];
const PLACES = ['UTC', 'Europe/Berlin'];
const FROM = new Date('2026-01-01T00:00:00Z');
/** So many occurrences are walked, again and again for so long: leap years until 2088, as cron-schedule finds none in eight years without. */
const STEPS = 16;
const SLICE_MS = 30;
/** Each before the first round: a slice of a slow one is some hundred calls, of which V8 has compiled none when it begins. */
const WARM_UP_MS = 100;
/** At most 1.1 times the time of croner. */
const OF_CRONER = 1 / 1.1;
const WHY =
  'All of it is arithmetic in one process: tables of times, masks of days, and the instants at which clocks change.';

/** Next occurrences a second of patterns that are set up once, against everybody who can say them. */
export async function nextOccurrences({ rounds = 7, isSmoke }) {
  const all = await rivals();
  const rows = [];
  const times = [];
  for (const timezone of PLACES) {
    for (const [pattern, parts] of PATTERNS) {
      const able = all.filter(({ can }) => can(pattern, timezone, parts));
      const without = able.flatMap(({ missing }) => missing ?? []);
      const walks = able
        .filter(({ missing }) => missing === undefined)
        .map(({ name, of }) => ({ name, walk: of(pattern, timezone, parts) }));
      sameAnswers(walks, `${pattern} in ${timezone}`);
      const [warmUp, slice] = isSmoke ? [0, 1] : [WARM_UP_MS, SLICE_MS];
      for (const { walk } of walks) rate(walk, warmUp);
      const figures = await spreads(
        walks.map(
          ({ walk }) =>
            () =>
              rate(walk, slice),
        ),
        rounds,
      );
      const [us, croner] = figures;
      const peers = walks.slice(1).map(({ name }, index) => {
        const peer = figures[index + 1];
        return { name, ...shown(peer), ...(peer.median > us.median && { isAhead: true }) };
      });
      rows.push({
        name: `next occurrence, ${pattern} in ${timezone}`,
        ...{ ours: shown(us).value, spread: shown(us).spread, unit: 'a second', peers },
        ...(without.length > 0 && { without }),
        ...ratioTo(peers[0].name, us.median, croner.median),
        ...atLeast(us.median / croner.median, OF_CRONER, { why: WHY }),
      });
      for (const [index, { name }] of walks.entries())
        times.push({ name, timezone, pattern, times: us.median / figures[index].median });
    }
  }
  return [
    ...rows,
    where(times, 'cron-parser 5', 'Europe/Berlin', { least: 3 }),
    // What it has no zones for, it does fast.
    where(times, 'cron-schedule 6', 'UTC'),
  ];
}

/** How many times as fast ours is as a peer in one zone, where it is least. */
function where(all, peer, zone, { least } = {}) {
  const times = all
    .filter(({ name, timezone }) => name === peer && timezone === zone)
    .toSorted((a, b) => a.times - b.times);
  const name = `next occurrence in ${zone}, times as fast as ${peer} where it is least`;
  const options = { why: WHY };
  if (times.length === 0) {
    const missing = notInstalled(peer);
    const judged =
      least === undefined ? { without: [missing] } : notMeasured('at least', least, options, missing);
    return { name, ours: null, unit: 'times', peers: [], ...judged };
  }
  const [worst] = times;
  return {
    name,
    ours: round(worst.times),
    unit: 'times',
    peers: times.map((each) => ({ name: each.pattern, value: round(each.times) })),
    ...ratioTo(peer, worst.times, 1),
    ...(least !== undefined && atLeast(worst.times, least, options)),
  };
}

function sameAnswers(walks, what) {
  const [expected, ...others] = walks.map(({ walk }) => walk(FROM, STEPS));
  for (const [index, at] of others.entries()) {
    if (at !== expected)
      throw new Error(
        `${what}: ${walks[index + 1].name} says ${new Date(at).toISOString()}, not ${new Date(expected).toISOString()}`,
      );
  }
}

function rate(walk, ms) {
  const started = performance.now();
  let walked = 0;
  let passed = 0;
  while (passed < ms) {
    walk(FROM, STEPS);
    walked += STEPS;
    passed = performance.now() - started;
  }
  return walked / (passed / 1000);
}

/** The first occurrence in a zone that this process has not met: both ask Intl, which sets the zone up. */
export async function coldZones({ rounds = 7, isSmoke }) {
  const { Cron } = await productPackage('croner');
  const pattern = '0 9 * * 1-5';
  const asked = [
    (timezone) => JobSchedule.custom(pattern, { timezone }).getNextRunTime(FROM),
    (timezone) => new Cron(pattern, { timezone, paused: true, fixedTimeRule: 'no-wildcard' }).nextRun(FROM),
  ];
  const zones = Intl.supportedValuesOf('timeZone');
  const turns = Math.max(3, rounds);
  const each = isSmoke ? 1 : Math.floor(zones.length / turns / 2);
  let next = 0;
  const times = await inTurn(
    asked.map((ask) => () => {
      const started = performance.now();
      // Each zone is asked for by one of them only: what Intl remembers must help neither.
      for (const zone of zones.slice(next, next + each)) ask(zone);
      next += each;
      return performance.now() - started;
    }),
    turns,
  );
  const figures = times.map((all) => spreadOf(all.map((ms) => (ms * 1000) / each)));
  const [us, croner] = figures.map((figure) => shown(figure));
  return [
    {
      name: 'first occurrence in a zone never asked for, from the text of the pattern',
      ...{ ours: us.value, spread: us.spread, unit: 'µs', peers: [{ name: 'croner 11', ...croner }] },
      ...ratioTo('croner 11', figures[0].median, figures[1].median),
    },
  ];
}
