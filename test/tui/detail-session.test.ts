import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTempWorkspace } from '../temp-workspace.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn } from './terminal.ts';

it('explains why a job does not run, follows an edit by another program, and shows the errors of a file', async () => {
  const home = await homeWithJobs(2, () => ({ tags: ['demo'], max_retries: 5 }));
  writeFileSync(join(home, 'jobs', 'broken.json'), '{\n  "config_name": "shop",\n  "schedule": 7\n}\n');
  const terminal = openDashboardIn(home, { columns: 170, rows: 40 });
  const broken = await terminal.waitFor(/▌ ! invalid +broken/);
  expect(broken).toContain('broken.json:3');
  await terminal.waitFor(/E opens the file in your editor/);
  await terminal.waitFor('repair-jobs --dry-run');
  terminal.send('j');
  const screen = await terminal.waitFor(/no scheduler has run on/);
  expect(screen).toContain('Schedule  every day at 09:00 (UTC)');
  expect(screen).toMatch(/Next runs .* 09:00/);
  expect(screen).toContain('Set       max_retries 5 (default 3)');
  expect(screen).toMatch(/Made .* by a program/);
  const workspace = openTempWorkspace({ home, actor: 'mcp' });
  await workspace.jobs.update('job-0000', { enabled: false, max_retries: 1 }, { by: 'mcp' });
  await terminal.waitFor('It does not run by itself: it is disabled');
  const edited = await terminal.waitFor('They would be, if it were not disabled.');
  expect(edited).toContain('max_retries 1 (default 3)');
  expect(edited).toMatch(/Changed .* by an agent, revision 2/);
  // One pane at a time: Tab goes there, → to the next job.
  terminal.resize(60, 16);
  await terminal.waitFor(/Jobs 2\/3/);
  terminal.send('\t');
  await terminal.waitFor((text) => text.includes('it is disabled') && !text.includes('STATE'));
  terminal.send('\u001b[C');
  await terminal.waitFor('no scheduler has run on');
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
});
