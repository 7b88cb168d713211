import { fileURLToPath } from 'node:url';
import { assertAllMeasured } from './commands/assert-all-measured.mjs';
import { COMMANDS, FLAGS, lineOf } from './commands/each.mjs';
import { ended } from './commands/ended.mjs';
import { reports } from './commands/report.mjs';
import { PROGRAM, Workplace } from './commands/workplace.mjs';
import { growth } from './growth.mjs';
import { elapsed, inTurn, shown, spreadOf } from './rounds.mjs';
import { atMost, ratioTo } from './verdict.mjs';

/** Of `job list` with 100 jobs; the design has no budget for another command. */
const BUDGET = 3;
const LEAST = fileURLToPath(new URL('peers/bare-list.mjs', import.meta.url));
const NODE = 'node -e 0';
/** After so many commands Node alone is measured once more. */
const EVERY = 8;
const WHY =
  'The least list loads SQLite and a time zone, reads the same files and checks nothing. Above it stand the command line (commander), the packages (zod, YAML, croner) and 980 KB of JavaScript, which Node 20 cannot keep compiled.';

/** Each command from its start to its end, its home as the system has it in memory, beside Node alone in the same rounds. */
export async function commands({ rounds = 5, isSmoke }) {
  await assertAllMeasured();
  const places = [];
  try {
    for (const jobs of isSmoke ? [10, 20] : [100, 1_000, 10_000])
      places.push({ jobs, place: await Workplace.with(jobs) });
    return [
      ...(await lists(places, rounds)),
      ...(await all(places[0].place, Math.min(3, rounds))),
      ...(await reports({ rounds, isSmoke })),
    ];
  } finally {
    for (const { place } of places) await place.close();
  }
}

/** The command that has a budget, beside the least that it can be, with more and more jobs. */
async function lists(places, rounds) {
  const rivals = [
    ['-e', '0'],
    [LEAST, places[0].place.home],
    ...places.map(({ place }) => [PROGRAM, '--home', place.home, 'job', 'list']),
  ].map((args) => () => elapsed(() => ended(args)));
  const [node, least, ...figures] = (await inTurn(rivals, rounds)).map(spreadOf);
  const [first, ...more] = places.map(({ jobs }, index) =>
    row(`quickscrape job list, ${jobs.toLocaleString('en')} jobs`, figures[index], node),
  );
  return [
    {
      ...first,
      peers: [...first.peers, { name: 'the least list of the same files', ...shown(least) }],
      ...atMost(figures[0].median / node.median, BUDGET, { why: WHY }),
    },
    ...more,
    growth(
      'quickscrape job list',
      places.map(({ jobs }, index) => ({ n: jobs, cost: figures[index].median })),
    ),
  ];
}

/** All the others, in the home with the fewest jobs. */
async function all(place, rounds) {
  const names = Object.keys(COMMANDS).filter((name) => name !== 'job list');
  const { node, figures } = await besideNode(
    [
      ...names.map((name) => carriedOut(name, place)),
      ...FLAGS.map((flags) => () => elapsed(() => ended([PROGRAM, ...flags]))),
    ],
    rounds,
  );
  return [...names, ...FLAGS.map((flags) => flags.join(' '))].map((name, index) =>
    row(`quickscrape ${name}`, figures[index], node),
  );
}

/** The figures of many rivals, and those of Node alone, which starts again and again among them: a round takes a while. */
async function besideNode(rivals, rounds) {
  const node = () => elapsed(() => ended(['-e', '0']));
  const all = rivals.flatMap((rival, index) => (index % EVERY === 0 ? [node, rival] : [rival]));
  const returned = await inTurn(all, rounds);
  return {
    node: spreadOf(returned.filter((_, index) => all[index] === node).flat()),
    figures: returned.filter((_, index) => all[index] !== node).map(spreadOf),
  };
}

/** What carries a command out on a place, once a round, and returns the milliseconds from its start to its end. */
function carriedOut(name, place) {
  let round = 0;
  return async () => {
    round += 1;
    const line = await lineOf(name, place, round);
    return elapsed(() => ended([PROGRAM, ...line]));
  };
}

function row(name, us, node) {
  const { value, spread } = shown(us);
  return {
    name,
    ours: value,
    spread,
    unit: 'ms',
    peers: [{ name: NODE, ...shown(node) }],
    ...ratioTo(NODE, us.median, node.median),
  };
}
