// Measures what the program exists for, each figure beside a peer or a floor in the same run.
// Usage: npm run bench [-- --only NAME] [-- --json]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { cancel } from './cancel.mjs';
import { schedule } from './schedule.mjs';
import { store } from './store.mjs';

const SUITES = { schedule, store, cancel };
const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const chosen = values.only === undefined ? Object.keys(SUITES) : [values.only];
for (const name of chosen) {
  if (!(name in SUITES)) {
    console.error(`no suite is named "${name}"; there are: ${Object.keys(SUITES).join(', ')}`);
    process.exit(2);
  }
}

const rows = [];
for (const name of chosen) rows.push(...(await SUITES[name]()));
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
if (values.json) {
  console.log(JSON.stringify({ machine, versions: { node: process.version }, rows }, null, 2));
} else {
  console.log(`${machine}, Node ${process.version}\n`);
  for (const { name, ours, unit, peers, ratio, budget, met } of rows) {
    console.log(
      `${met ? 'met    ' : 'NOT MET'}  ${name}: ${ours} ${unit}; ${peers.map((peer) => `${peer.name} ${peer.value}`).join(', ')}; ratio ${ratio} (budget ${budget})`,
    );
  }
}
