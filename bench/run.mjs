// Measures what the program exists for, each figure beside a peer or a floor in the same run.
// Usage: npm run bench [-- --only NAME] [-- --json] [-- --rounds N: fewer, to see whether it works at all]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { cancel } from './cancel.mjs';
import { dashboard } from './dashboard.mjs';
import { mcp } from './mcp.mjs';
import { rpc } from './rpc.mjs';
import { schedule } from './schedule.mjs';
import { scraping } from './scraping.mjs';
import { store } from './store.mjs';

const SUITES = { schedule, store, cancel, scraping, mcp, rpc, dashboard };
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
});
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
const chosen = values.only === undefined ? Object.keys(SUITES) : [values.only];
for (const name of chosen) {
  if (!(name in SUITES)) {
    console.error(`no suite is named "${name}"; there are: ${Object.keys(SUITES).join(', ')}`);
    process.exit(2);
  }
}

const rows = [];
for (const name of chosen) rows.push(...(await SUITES[name](rounds)));
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
if (values.json) {
  console.log(JSON.stringify({ machine, versions: { node: process.version }, rows }, null, 2));
} else {
  console.log(`${machine}, Node ${process.version}\n`);
  for (const { name, ours, spread, unit, peers, ratio, budget, met } of rows) {
    const beside = peers.map((peer) => `${peer.name} ${peer.value}${within(peer.spread)}`).join(', ');
    const compared = ratio === undefined ? '' : `; ratio ${ratio}`;
    const judged = budget === undefined ? '' : ` (budget ${budget})`;
    console.log(`${verdict(met)}  ${name}: ${ours}${within(spread)} ${unit}; ${beside}${compared}${judged}`);
  }
}

/** Some figures are only shown. */
function verdict(met) {
  if (met === undefined) return '       ';
  return met ? 'met    ' : 'NOT MET';
}

/** Between what the middle half of the figures lie. */
function within(spread) {
  return spread === undefined ? '' : ` (${spread.join('–')})`;
}
