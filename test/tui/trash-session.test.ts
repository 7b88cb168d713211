import { expect, it } from 'vitest';
import { ConfigEdits } from '../../src/core/configs/config-edits.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn } from './terminal.ts';

it('shows what others have deleted, and brings jobs and configurations back', async () => {
  const home = await homeWithJobs(2, () => ({ description: 'Prices' }));
  const workspace = openTempWorkspace({ home, actor: 'mcp' });
  // A text that could not be saved: it comes back all the same.
  await workspace.configs.write('spare', 'url: [');
  await new ConfigEdits(workspace).delete('spare', () => {});
  await workspace.jobs.delete('job-0001', { by: 'cli' });

  const terminal = openDashboardIn(home);
  await terminal.waitFor('job-0000');
  terminal.send('Z');
  const trash = await terminal.waitFor(/job +job-0001/);
  expect(trash).toMatch(/job +job-0001 .* a command +shop · every day at 09:00/);
  expect(trash).toMatch(/config +spare .* an agent/);
  if (process.env['TUI_PICTURES']) await terminal.picture(`${process.env['TUI_PICTURES']}/trash.png`);
  terminal.send('\r');
  await terminal.waitFor('job-0001 was restored.');
  const left = await terminal.waitFor((screen) => !/job +job-0001/.test(screen));
  expect(left).toContain('spare');
  terminal.send('\r');
  await terminal.waitFor('spare was restored.');
  expect(workspace.jobs.get('job-0001')).toBeDefined();
  expect(workspace.configs.read('spare').yaml).toBe('url: [');
  // Like any other change that was made here.
  terminal.send('u');
  await terminal.waitFor('Undo: delete?');
  terminal.send('y');
  await terminal.waitFor('spare was deleted again.');
  expect(workspace.configs.has('spare')).toBe(false);
});
