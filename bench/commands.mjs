import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assertAllMeasured } from './commands/assert-all-measured.mjs';
import { COMMANDS, FLAGS, GROWING, lineOf } from './commands/each.mjs';
import { ended } from './commands/ended.mjs';
import { PROGRAM, Workplace } from './commands/workplace.mjs';
import { growth } from './growth.mjs';
import { jobHome } from './job-home.mjs';
import { elapsed, inTurn, shown, spreadOf, spreads } from './rounds.mjs';
import { atMost, ratioTo } from './verdict.mjs';

/** Of `job list` with 100 jobs; the design has no budget for another command. */
const BUDGET = 2.5;
const LEAST = fileURLToPath(new URL('peers/bare-list.mjs', import.meta.url));
const NODE = 'node -e 0';
/** What a bundle holds, and how many configurations a home has, for the curves of what depends on them. */
const BUNDLES = [10, 100, 1_000];
const CONFIGURATIONS = [10, 100, 1_000];
/** After so many commands Node alone is measured once more. */
const EVERY = 8;
const WHY =
  'The least list loads SQLite and a time zone, reads the same files and checks nothing. Above it a profile has the command line (commander), definitions held against what the database has noted of them, and the reading of 400 KB of JavaScript, which Node 20 cannot keep compiled.';

/** Each command from its start to its end, its home as the system has it in memory, beside Node alone in the same rounds. */
export async function commands({ rounds = 5, isSmoke }) {
  await assertAllMeasured();
  const places = [];
  try {
    for (const jobs of isSmoke ? [10, 20] : [100, 1_000, 10_000])
      places.push({ jobs, place: await Workplace.with(jobs) });
    return [
      ...(await lists(places, rounds)),
      ...(await all(places, { rounds: Math.min(3, rounds), isSmoke })),
      await imports(places[1].place, isSmoke ? [2, 4] : BUNDLES),
      await listOfConfigurations(isSmoke ? [2, 4] : CONFIGURATIONS),
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
    grown(
      'job list',
      places.map(({ jobs }, index) => ({ n: jobs, cost: figures[index].median })),
    ),
  ];
}

/** All the others with the fewest jobs, and those whose cost may grow with more of them. */
async function all([{ jobs: least, place }, ...larger], { rounds, isSmoke }) {
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
  // Once: what a busy moment adds is far from what a curve may grow by.
  const ofLarger = await spreads(
    larger.flatMap((each) => growing.map((name) => carriedOut(name, each.place))),
    1,
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

/** What more jobs in a bundle cost, which holds as many of those that a home has. */
async function imports(place, sizes) {
  const bundle = JSON.parse(readFileSync(place.bundle, 'utf8'));
  const points = [];
  for (const jobs of sizes) {
    const file = `${place.newFolder(`bundle-${jobs}`)}.json`;
    writeFileSync(file, JSON.stringify({ ...bundle, jobs: firstOf(bundle.jobs, jobs) }));
    const line = ['import', file, '--home', place.emptyFolder(`imported-${jobs}`)];
    points.push({ n: jobs, cost: await elapsed(() => ended([PROGRAM, ...line])) });
  }
  return growth('quickscrape import', points, 'jobs in the bundle');
}

function firstOf(jobs, count) {
  const first = jobs.slice(0, count);
  if (first.length !== count) throw new Error(`a bundle has ${first.length} jobs, not ${count}`);
  return first;
}

/** What more configurations cost the command that reads all of them. */
async function listOfConfigurations(sizes) {
  const points = [];
  for (const count of sizes) {
    const configs = Array.from({ length: count }, (_, index) => [
      `site-${index}`,
      'url: http://127.0.0.1:9/\nitem: li\nselectors: { name: b }\n',
    ]);
    const home = await jobHome(1, undefined, { configs: Object.fromEntries(configs) });
    try {
      const { median } = spreadOf(
        (await inTurn([() => elapsed(() => ended([PROGRAM, '--home', home, 'list']))], 2))[0],
      );
      points.push({ n: count, cost: median });
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  return growth('quickscrape list', points, 'configurations');
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
