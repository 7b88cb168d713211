import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { it } from '../extend.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn } from './terminal.ts';

it("takes the user's own keys from keys.yaml, and says what is wrong in it", async ({ folder: config }) => {
  const home = await homeWithJobs(2);
  mkdirSync(join(config, 'quickscrape'));
  const keys = join(config, 'quickscrape', 'keys.yaml');
  const text = 'program.quit: X\ntimeline.opne: t\n';
  writeFileSync(keys, text);
  const dashboard = openDashboardIn(home, { env: { XDG_CONFIG_HOME: config }, columns: 130 });
  const screen = await dashboard.waitFor('Jobs 1/2');
  expect(screen).toContain(
    'keys.yaml: line 2: there is no action "timeline.opne"; did you mean timeline.open',
  );
  expect(screen).toMatch(/ X quit *$/m);
  dashboard.send('qX');
  expect((await dashboard.exited).exitCode).toBe(0);
  expect(await dashboard.text()).toContain('quickscrape: keys.yaml: line 2: there is no action');
  expect(readFileSync(keys, 'utf8')).toBe(text);
});

it("gives the terminal to a command of the user's own, and takes it back", async ({ folder: config }) => {
  const home = await homeWithJobs(2);
  mkdirSync(join(config, 'quickscrape'));
  const script = 'console.log("shown", process.argv[1]); process.stdin.once("data", () => process.exit(3))';
  const command = {
    title: 'Show it',
    scope: 'jobs',
    key: 'X',
    argv: [process.execPath, '-e', script, '{job_id}'],
  };
  writeFileSync(join(config, 'quickscrape', 'commands.yaml'), JSON.stringify({ show: command }));
  const dashboard = openDashboardIn(home, { env: { XDG_CONFIG_HOME: config }, columns: 130 });
  await dashboard.waitFor('Jobs 1/2');
  dashboard.send('X');
  await dashboard.waitFor('shown job-000');
  dashboard.send('\r');
  // What it has said about its failure can be read first.
  await dashboard.waitFor('ended with code 3. Enter leads back to the dashboard.');
  expect(dashboard.onAlternateScreen).toBe(false);
  dashboard.send('\r');
  await dashboard.waitFor('Jobs 1/2');
  expect(await dashboard.waitFor('ended with code 3')).toContain('Jobs 1/2');
  dashboard.send('q');
  expect((await dashboard.exited).exitCode).toBe(0);
});

it('remembers sort, filter and looks for the next time, outside of the home', async ({ folder: state }) => {
  const home = await homeWithJobs(5);
  const open = () => openDashboardIn(home, { env: { XDG_STATE_HOME: state }, columns: 130 });
  const first = open();
  await first.waitFor('Jobs 1/5');
  first.send('S/000\r:contrast\r');
  await first.waitFor('High contrast is on.');
  first.send('/1\r');
  await first.waitFor('1 of 5');
  // What changed last is written although the dashboard ends at once.
  first.send('q');
  expect((await first.exited).exitCode).toBe(0);
  const file = join(state, 'quickscrape', 'dashboard.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    ...{ version: 1, sort: { by: 'job', descending: true }, theme: 'high_contrast' },
    filters: { [home]: '0001' },
  });
  expect(existsSync(join(home, 'dashboard.json'))).toBe(false);
  const second = open();
  const screen = await second.waitFor('1 of 5');
  expect(screen).toContain('job-0001');
  expect(screen).toContain('JOB▼');
  second.send('\u001b');
  await second.waitFor('Jobs 4/5');
  second.send('q');
  await second.exited;
});
