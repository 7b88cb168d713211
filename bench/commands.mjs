import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS, FLAGS, GROWING, lineOf } from './commands/each.mjs';
import { ended } from './commands/ended.mjs';
import { nothingIsMissing } from './commands/named.mjs';
import { PROGRAM, Workplace } from './commands/workplace.mjs';
import { growth } from './growth.mjs';
import { jobHome } from './job-home.mjs';
import { elapsed, inTurn, shown, spreadOf, spreads } from './rounds.mjs';
import { atMost, ratioTo } from './verdict.mjs';

/** Of `job list` with 100 jobs; the design has no budget for another command. */
const BUDGET = 2.5;
const LEAST = fileURLToPath(new URL('peers/bare-list.mjs', import.meta.url));
const NODE = 'node -e 0';
/** After so many commands Node alone is measured once more. */
const EVERY = 8;
const WHY =
  'The least list loads SQLite and a time zone, reads the same files and checks nothing. Above it a profile has the command line (commander), definitions held against what the database has noted of them, and the reading of 400 KB of JavaScript, which Node 20 cannot keep compiled.';

/** Each command from its start to its end, its home as the system has it in memory, beside Node alone in the same rounds. */
export async function commands({ rounds = 5, isSmoke }) {
  await nothingIsMissing();
  const [least, ...larger] = isSmoke ? [10, 20] : [100, 1_000, 10_000];
  const places = [];
  const place = await Workplace.with(least);
  try {
    for (const jobs of larger) places.push({ jobs, home: await jobHome(jobs) });
    return [
      ...(await lists([{ jobs: least, home: place.home }, ...places], rounds)),
      ...(await all({ jobs: least, place }, places, { rounds: Math.min(3, rounds), isSmoke })),
    ];
  } finally {
    await place.close();
    for (const { home } of places) rmSync(home, { recursive: true, force: true });
  }
}

/** The command that has a budget, beside the least that it can be, with more and more jobs. */
async function lists(places, rounds) {
  const rivals = [
    ['-e', '0'],
    [LEAST, places[0].home],
    ...places.map(({ home }) => [PROGRAM, '--home', home, 'job', 'list']),
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
    grown(
      'job list',
      places.map(({ jobs }, index) => ({ n: jobs, cost: figures[index].median })),
    ),
  ];
}

/** All the others with the fewest jobs, and those whose cost may grow with more of them. */
async function all({ jobs: least, place }, larger, { rounds, isSmoke }) {
  const names = Object.keys(COMMANDS).filter((name) => name !== 'job list');
  // A smoke test carries each out once: with more jobs it is the same again.
  const growing = names.filter((name) => GROWING.includes(name)).slice(0, isSmoke ? 2 : undefined);
  const words = [...names, ...FLAGS.map((flags) => flags.join(' '))];
  const { node, figures } = await besideNode(
    [
      ...names.map((name) => carriedOut(name, place)),
      ...FLAGS.map((flags) => () => elapsed(() => ended([PROGRAM, ...flags]))),
    ],
    rounds,
  );
  const ofLarger = await spreads(
    larger.flatMap((each) => growing.map((name) => carriedOut(name, each))),
    Math.min(2, rounds),
  );
  return [
    ...words.map((name, index) => row(`quickscrape ${name}`, figures[index], node)),
    ...growing.map((name, index) =>
      grown(name, [
        { n: least, cost: figures[names.indexOf(name)].median },
        ...larger.map(({ jobs }, size) => ({
          n: jobs,
          cost: ofLarger[size * growing.length + index].median,
        })),
      ]),
    ),
  ];
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

const grown = (name, points) => growth(`quickscrape ${name}`, points);

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
