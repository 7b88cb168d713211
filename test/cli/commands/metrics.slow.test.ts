import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { startProgram } from '../../program.ts';
import { waitFor } from '../../wait-for.ts';
import { parseMetrics } from '../parse-metrics.ts';
import { shopHome } from '../shop-home.ts';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
const RULES = fileURLToPath(new URL('../../../examples/prometheus/quickscrape.rules.yaml', import.meta.url));

it.skipIf(lacks('modes'))(
  'goes on with --every after a write that failed, until a signal',
  async ({ folder }) => {
    const { home, json } = shopHome();
    await json('config', 'list');
    const textfile = join(folder, 'textfile');
    const file = join(textfile, 'a.prom');
    mkdirSync(textfile);
    const writing = startProgram(['metrics', '--write', file, '--every', '1'], { home });
    let said = '';
    writing.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
    });
    await waitFor('the first figures', () => existsSync(file));
    renameSync(textfile, `${textfile}-away`);
    await waitFor('the failure', () => said.includes(`cannot write ${file}`));
    mkdirSync(textfile);
    await waitFor('figures again', () => existsSync(file));
    rmSync(file);
    await waitFor('more figures', () => existsSync(file));
    writing.kill('SIGTERM');
    expect((await once(writing, 'close'))[0]).toBe(0);
    expect(parseMetrics(readFileSync(file, 'utf8')).length).toBeGreaterThan(5);
    expect(said.match(/cannot write/g)).toHaveLength(1);
    expect(said).toContain('is written again');
  },
);

it('promtool finds no fault with the figures', async ({ skip }) => {
  skip(!hasPromtool, 'promtool is not installed (Debian: prometheus)');
  const { qs, json } = shopHome();
  await json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'mine');
  const { stdout } = await qs('metrics');
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: stdout, encoding: 'utf8' });
  expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', '']);
});

it('promtool finds no fault with the alerts, which fire when they should', ({ skip, folder }) => {
  skip(!hasPromtool, 'promtool is not installed (Debian: prometheus)');
  execFileSync('promtool', ['check', 'rules', RULES]);
  const labels = 'exported_job="news", instance="a", job="node"';
  const fired = (alertname: string, at: string, expected: object[]) => ({
    ...{ alertname, eval_time: at },
    exp_alerts: expected,
  });
  const input = (series: string, values: string) => ({ series, values });
  const test = {
    rule_files: [RULES],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          input('quickscrape_scheduler_up{instance="a", job="node"}', '1x5 0x10'),
          input(`quickscrape_job_enabled{${labels}}`, '1x15'),
          input(`quickscrape_job_failures_in_a_row{${labels}}`, '2x5 3x10'),
        ],
        alert_rule_test: [
          fired('QuickscrapeSchedulerDown', '5m', []),
          fired('QuickscrapeJobFailing', '5m', []),
          fired('QuickscrapeSchedulerDown', '10m', [
            {
              exp_labels: { severity: 'critical', instance: 'a', job: 'node' },
              exp_annotations: {
                summary: 'No scheduler runs on a, so no job starts on time.',
                action: 'quickscrape scheduler start --daemon',
              },
            },
          ]),
          fired('QuickscrapeJobFailing', '10m', [
            {
              exp_labels: { severity: 'warning', instance: 'a', job: 'node', exported_job: 'news' },
              exp_annotations: {
                summary: 'Job news failed 3 times in a row.',
                action: 'quickscrape job show news',
              },
            },
          ]),
        ],
      },
    ],
  };
  const file = join(folder, 'alerts.json');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(test));
  const tested = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  expect([tested.status, tested.stderr]).toEqual([0, '']);
});
