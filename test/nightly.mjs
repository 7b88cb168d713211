// Runs the randomised tests with the counts of a release, one after the other, then the mutations.
// Usage: npm run test:nightly [-- --only WORD]
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** Where feeds and data for the oracles are. */
const ORACLES = join(tmpdir(), 'quickscrape-oracles');
/** Test file, what it is set to, and what an ordinary run does. */
const RUNS = [
  ['test/reliability/kill-writer.slow.test.ts', { QS_KILLS: '1000' }],
  ['test/messenger/delivery.slow.test.ts', { QS_KILLS: '200' }],
  ['test/reliability/power-loss.slow.test.ts', { QS_CUTS: '5000' }],
  ['test/reliability/contenders.slow.test.ts', { QS_SCHEDULER_KILLS: '1000' }],
  ['test/reliability/void-race.slow.test.ts', { QS_STARTS: '4000' }],
  ['test/reliability/scheduler-model.test.ts', { QS_SEQUENCES: '10000' }],
  ['test/reliability/remote-executor-model.test.ts', { QS_SEQUENCES: '2000' }],
  ['test/core/jobs/store-model.slow.test.ts', { QS_SEQUENCES: '5000' }],
  ['test/reliability/fault-loop.slow.test.ts', { QS_FAULTS: 'all' }],
  ['test/workers/random-faults.slow.test.ts', { QS_REMOTE_FAULTS: '200' }],
  ['test/workers/random-faults.slow.test.ts', { QS_REMOTE_FAULTS: '100', QS_REDIS_SERVER: 'valkey-server' }],
  ['test/cli/old-node.test.ts', { QS_OLD_NODES: '12.22.12 16.20.2 18.20.8 20.10.0' }],
  ['test/package/deb.slow.test.ts', { QS_DEBIAN_CHROOT: '1' }],
  ['test/core/database/migrate.test.ts', { QS_KILLS: '1000' }],
  ['test/tui/kernel.test.ts', { QS_TUI_RUNS: '500' }],
  ['test/sandbox/details.test.ts', { QS_BOOKS: '1000' }],
  ['test/sandbox/pages.test.ts', { QS_BOOKS: '1000' }],
  ['test/scrape/output/read-back.test.ts', { QS_LARGE: '1' }],
  ['test/cli/repair-jobs.slow.test.ts', { QS_KILLS: '1000' }],
  ['test/core/operations/large-runs.slow.test.ts', { QS_ROWS: '1000000' }],
  ['test/core/settings/odd-files.test.ts', { QS_FUZZ: '20000' }],
  ['test/core/operations/concealed-rows.test.ts', { CONCEAL_RUNS: '3000' }],
  ['test/scrape/inspector/concealed-trial.test.ts', { CONCEAL_RUNS: '600' }],
  ['test/core/diagnostics/repair/repair-text.test.ts', { QS_RUNS: '10' }],
  ['test/core/schedule/occurrence.property.test.ts', { QS_OCCURRENCES: '5000' }],
  ['test/core/schedule/engine/croner.property.test.ts', { QS_CRONER: '50000' }],
  ['test/core/schedule/engine/zone-span.test.ts', { QS_CRONER: '50000' }],
  ['test/core/schedule/preview-notes.property.test.ts', { QS_PREVIEW_CASES: '5000' }],
  ['test/core/schedule/forecast.test.ts', { QS_FORECAST_CASES: '5000' }],
  ['test/rpc/json-rpc/fuzz.slow.test.ts', { QS_FUZZ: '500000' }],
  ['test/rpc/mcp/fuzz.slow.test.ts', { QS_FUZZ: '500000' }],
  ['test/rpc/mcp/agents.slow.test.ts', {}],
  ['test/scrape/oracles/markup.slow.test.ts', { QS_ORACLES: ORACLES }],
  ['test/scrape/oracles/data.slow.test.ts', { QS_ORACLES: ORACLES }],
  ['test/scrape/oracles/entities.slow.test.ts', { QS_ORACLES: ORACLES }],
  ['test/scrape/oracles/embedded.slow.test.ts', { QS_ORACLES: ORACLES }],
  ['test/scrape/oracles/feeds.slow.test.ts', { QS_ORACLES: ORACLES }],
  [
    'test/editors/vscode/real-host.slow.test.ts',
    { QS_CODE_SERVER: join(tmpdir(), 'quickscrape-code-server') },
  ],
];

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const failed = [];

function run(name, args, env, command = process.execPath) {
  if (!name.includes(values.only)) return;
  const words = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  console.log(`\n=== ${[...words, name].join(' ')}`);
  const started = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  console.log(
    `=== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${Math.round((performance.now() - started) / 1000)} s`,
  );
  if (status !== 0) failed.push(name);
}

run('build', ['build/build.mjs'], {});
run(
  'peers of the benchmarks',
  ['--input-type=module', '-e', "(await import('./bench/peers.mjs')).installPeers()"],
  {},
);
const QUIETLY = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
run('programs of test/agents', ['ci', '--prefix', 'test/agents', ...QUIETLY], {}, 'npm');
run('oracles of test/scrape', ['test/scrape/oracles/install.mjs', ORACLES], {});
run('test/bench', ['node_modules/vitest/vitest.mjs', 'run', 'test/bench'], { QS_TEST_NO_BUILD: '1' });
run('properties', ['node_modules/vitest/vitest.mjs', 'run', '--project', '!slow*'], {
  ...{ QS_PROPERTIES: 'all', QS_TEST_NO_BUILD: '1' },
});
for (const [file, env] of RUNS)
  run(file, ['node_modules/vitest/vitest.mjs', 'run', file], { ...env, QS_TEST_NO_BUILD: '1' });
run('test/mutations', ['test/mutations/run.mjs'], {});
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
