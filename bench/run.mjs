// Measures what the program exists for, each figure beside a peer or a floor in the same run.
// Usage: npm run bench [-- --only NAME[,NAME]] [-- --json | --markdown] [-- --rounds N] [-- --quick] [-- --smoke]
// --rounds: more for a steadier median, fewer for a quick look. --quick: less of what takes minutes at once, by a factor that
// its rows state. --smoke: everything once, at small sizes, to see that the
// suite still works; its figures say nothing.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cancel } from './cancel.mjs';
import { channels } from './channels.mjs';
import { cleanUpOnExit } from './clean-up-on-exit.mjs';
import { commands } from './commands.mjs';
import { dashboard } from './dashboard.mjs';
import { mcp } from './mcp.mjs';
import { installPeers } from './peers.mjs';
import { proposals } from './proposals.mjs';
import { everyRow, line, machine, markdown, summary, table, versions } from './report.mjs';
import { rpc } from './rpc.mjs';
import { schedule } from './schedule.mjs';
import { scheduler } from './scheduler.mjs';
import { scraping } from './scraping.mjs';
import { store } from './store.mjs';
import { workers } from './workers.mjs';

/** Each takes `{ rounds, isSmoke, isQuick, tell }` and returns rows; bench/README.md tells what is in one. */
const SUITES = {
  schedule,
  scheduler,
  workers,
  store,
  cancel,
  channels,
  scraping,
  proposals,
  commands,
  mcp,
  rpc,
  dashboard,
};
const OPTIONS = {
  only: { type: 'string' },
  json: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  smoke: { type: 'boolean', default: false },
};
const values = given();
if (values.json && values.markdown) fail('--json and --markdown are two ways to print the same: give one');
const chosen = values.only === undefined ? Object.keys(SUITES) : [...new Set(values.only.split(','))];
for (const name of chosen) {
  if (!Object.hasOwn(SUITES, name))
    fail(`no suite is named "${name}"; there are: ${Object.keys(SUITES).join(', ')}`);
}
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
  fail(`--rounds ${values.rounds} is no number of rounds: give a whole number from 1`);
}
if (!existsSync(new URL('../dist/cli.js', import.meta.url)))
  fail('there is no dist/ to measure: npm run build');

const started = performance.now();
const options = {
  rounds: rounds ?? (values.smoke ? 1 : undefined),
  isSmoke: values.smoke,
  isQuick: values.quick,
  tell: (known) => values.smoke || console.error(typeof known === 'string' ? known : line(known)),
};
// A smoke test does not wait for a registry: what is not there is left out.
if (!values.smoke) installPeers();
cleanUpOnExit();
const suites = [];
for (const name of chosen) {
  const from = performance.now();
  const rows = await measured(name);
  const seconds = Math.round((performance.now() - from) / 1000);
  // Whoever waits for a quarter of an hour wants to see that it goes on.
  if (!values.smoke) console.error(`${name}: ${seconds} s`);
  suites.push({ name, seconds, rows });
}

const found = { machine: machine(), versions: versions(), rows: everyRow(suites) };
if (values.json) console.log(JSON.stringify(found, null, 2));
else {
  const all = Object.entries(found.versions).map(([name, version]) => `${name} ${version}`);
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  const shown = values.markdown ? markdown : table;
  console.log(
    `${found.machine}\n${all.join(', ')}\n\n${shown(suites)}\n\n${summary(suites)}; ${minutes} minutes`,
  );
}

/** What one suite cannot measure must not take with it what the others have measured in a quarter of an hour. */
async function measured(name) {
  try {
    return await SUITES[name](options);
  } catch (error) {
    console.error(`${name} is not measured: ${error.stack}`);
    process.exitCode = 1;
    return [];
  }
}

function given() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    return fail(error.message);
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
