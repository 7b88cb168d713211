import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../temp-folder.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn } from './terminal.ts';

it('remembers sort, filter and looks for the next time, outside of the home', async () => {
  const home = await homeWithJobs(5);
  const state = tempFolder();
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
