import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { growth } from './growth.mjs';
import { jobHome } from './job-home.mjs';
import { elapsed, inTurn, round, shown, spreadOf } from './rounds.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
/** Of `job list` with 100 jobs; the design has no budget for another command. */
const BUDGET = 2.5;
const LEAST = fileURLToPath(new URL('peers/bare-list.mjs', import.meta.url));
const WHY =
  'The least list loads SQLite and a time zone, reads the same files and checks nothing. Above it a profile has the command line (commander), the schemas that jobs and settings are checked with (zod, 400 of them), and the reading of 600 KB of JavaScript, which Node 20 cannot keep compiled.';
const PATTERN = ['--cron', '0 9 * * 1-5', '--timezone', 'Europe/Berlin'];

/** What reads, or changes a little, and ends by itself. */
const COMMANDS = [
  ['job', 'list'],
  ['job', 'show', 'prices-00000'],
  ['job', 'create', '--config', 'prices', '--schedule', 'daily', '--at', '09:00'],
  ['job', 'history', 'prices-00000'],
  ['job', 'next', 'prices-00000'],
  ['scheduler', 'status'],
  ['list'],
  ['show', 'prices'],
  ['validate', 'prices'],
  ['config', 'list'],
  ['schedule', 'preview', ...PATTERN],
  ['forecast'],
  ['export'],
  ['doctor'],
  ['completion', 'bash'],
  ['job', 'create', '--help'],
  ['--help'],
  ['--version'],
];

/** Each command from its start to its end, its home as the system has it in memory, beside Node alone in the same rounds. */
export async function commands({ rounds = 7, isSmoke }) {
  const measured = isSmoke ? COMMANDS.slice(0, 5) : COMMANDS;
  const homes = [];
  try {
    for (const jobs of isSmoke ? [20, 60] : [100, 1_000, 10_000])
      homes.push({ jobs, home: await jobHome(jobs) });
    // What changes a home gets one of its own, so that the others list what they did in the round before.
    const changed = await jobHome(homes[0].jobs);
    homes.push({ home: changed });
    const sizes = homes.slice(0, -1);
    // A job with a history: nothing listens where its pages would be, so its run fails.
    await ended([PROGRAM, 'job', 'run', 'prices-00000', '--home', sizes[0].home], [0, 1]);
    const rivals = [
      ['-e', '0'],
      [LEAST, sizes[0].home],
      ...measured.map((args) => [PROGRAM, ...args, '--home', args[1] === 'create' ? changed : sizes[0].home]),
      ...sizes.slice(1).map(({ home }) => [PROGRAM, 'job', 'list', '--home', home]),
    ].map((args) => () => elapsed(() => ended(args)));
    const [node, least, ...all] = (await inTurn(rivals, rounds)).map(spreadOf);
    const each = all.slice(0, measured.length);
    const lists = [each[0], ...all.slice(measured.length)];
    const row = (name, us, peers = []) => ({
      name,
      ours: shown(us).value,
      spread: shown(us).spread,
      unit: 'ms',
      peers: [{ name: 'node -e 0', ...shown(node) }, ...peers],
      ratio: round(us.median / node.median),
    });
    const listed = ({ jobs }, index) =>
      row(`quickscrape job list, ${jobs.toLocaleString('en')} jobs`, lists[index]);
    const [, ...larger] = sizes.map(listed);
    const first = row(`quickscrape job list, ${sizes[0].jobs} jobs`, lists[0], [
      { name: 'the least list of the same files', ...shown(least) },
    ]);
    return [
      { ...first, budget: BUDGET, met: first.ratio <= BUDGET, why: WHY },
      ...larger,
      growth(
        'quickscrape job list',
        sizes.map(({ jobs }, index) => ({ n: jobs, cost: lists[index].median })),
      ),
      ...measured.slice(1).map((args, index) => row(nameOf(args), each[index + 1])),
    ];
  } finally {
    for (const { home } of homes) rmSync(home, { recursive: true, force: true });
  }
}

/** The words of a command, without the values of its flags. */
function nameOf(args) {
  const flag = args.findIndex((word) => word.startsWith('--') && !['--help', '--version'].includes(word));
  return ['quickscrape', ...(flag === -1 ? args : args.slice(0, flag))].join(' ');
}

/** Carries a Node program out to its end, with its output read. */
async function ended(args, codes = [0]) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  const [code] = await once(child, 'close');
  if (!codes.includes(code)) throw new Error(`${args.join(' ')} ended with ${code}: ${said}`);
}
