import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../temp-folder.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn } from './terminal.ts';

/** As an editor that writes beside the file and renames. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}~`, text);
  renameSync(`${file}~`, file);
}

it('takes changed keys at once: a new file, a replaced one, one with a mistake, none', async () => {
  const home = await homeWithJobs(2);
  const config = tempFolder();
  const folder = join(config, 'quickscrape');
  const keys = join(folder, 'keys.yaml');
  const dashboard = openDashboardIn(home, { env: { XDG_CONFIG_HOME: config }, columns: 130 });
  await dashboard.waitFor(/ q quit *$/m);
  await dashboard.waitFor('Jobs 1/2');
  mkdirSync(folder);
  writeFileSync(keys, 'program.quit: X\n');
  await dashboard.waitFor(/ X quit *$/m);
  replace(keys, 'program.quit: Y\n');
  await dashboard.waitFor(/ Y quit *$/m);
  // The first line is right, and yet counts only once all of the file is.
  replace(keys, 'program.quit: W\ntimeline.opne: t\n');
  const wrong = await dashboard.waitFor('keys.yaml: line 2: there is no action "timeline.opne"');
  expect(wrong).toMatch(/ Y quit *$/m);
  rmSync(keys);
  await dashboard.waitFor('keys.yaml is gone: the usual keys work.');
  await dashboard.waitFor(/ q quit *$/m);
  writeFileSync(keys, 'program.quit: Z\nnone: t\n');
  await dashboard.waitFor('keys.yaml: line 2: there is no action "none"');
  dashboard.send('q');
  expect((await dashboard.exited).exitCode).toBe(0);
  expect(await dashboard.text()).toContain('quickscrape: keys.yaml: line 2: there is no action "none"');
  expect(readdirSync(folder)).toEqual(['keys.yaml']);
});

it('shows changed settings at once, and outlives a mistake in them', async () => {
  const home = await homeWithJobs(2);
  const settings = join(home, 'settings.yaml');
  const dashboard = openDashboardIn(home, { columns: 130 });
  await dashboard.waitFor('Jobs 1/2');
  dashboard.send('n');
  await dashboard.waitFor(/timezone +UTC/);
  writeFileSync(settings, 'timezone: Asia/Tokyo\n');
  await dashboard.waitFor(/timezone +Asia\/Tokyo/);
  await dashboard.waitFor('Settings: timezone is Asia/Tokyo');
  dashboard.send('\u001b');
  await dashboard.waitFor('Jobs 1/2');
  dashboard.send('D');
  await dashboard.waitFor('0 of 4 slots in use');
  replace(settings, 'timezone: Asia/Tokyo\nmax_concurrent_runs: 9\n');
  await dashboard.waitFor('0 of 9 slots in use');
  replace(settings, 'timezone: Asia/Tokyo\nmax_concurrent_runs: many\n');
  const wrong = await dashboard.waitFor('settings.yaml:2:22: max_concurrent_runs');
  expect(wrong).toContain('0 of 9 slots in use');
  rmSync(settings);
  await dashboard.waitFor('0 of 4 slots in use');
  // Together with the next key, Esc would be another one.
  dashboard.send('\u001b');
  await dashboard.waitFor((screen) => !screen.includes('slots in use'));
  dashboard.send('q');
  expect((await dashboard.exited).exitCode).toBe(0);
});
