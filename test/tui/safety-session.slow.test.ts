import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { StoreLock } from '../../src/core/database/locks.ts';
import type { Actor } from '../../src/core/model/definition.ts';
import { openWorkspace } from '../../src/core/workspace.ts';
import { tempFolder } from '../temp-folder.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn, type TestTerminal } from './terminal.ts';

const picture = async (terminal: TestTerminal, name: string) => {
  if (process.env['TUI_PICTURES']) await terminal.picture(`/tmp/tui-safety-${name}.png`);
};

function jobFiles(home: string): string[] {
  return readdirSync(join(home, 'jobs'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -5))
    .sort();
}

function jobOnDisk(home: string, id: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(home, 'jobs', `${id}.json`), 'utf8'));
}

async function editAs(by: Actor, home: string, id: string, changes: Record<string, unknown>): Promise<void> {
  const workspace = openWorkspace({ home, actor: by });
  try {
    await workspace.jobs.update(id, changes, { by });
  } finally {
    workspace.close();
  }
}

it('deletes three marked jobs, shows what became of each, and undo brings them back', async () => {
  const home = await homeWithJobs(5, (index) => ({ description: `the job ${index}` }));
  const before = jobOnDisk(home, 'job-0001');
  const terminal = openDashboardIn(home);
  await terminal.waitFor('job-0004');
  terminal.send('j   d');
  await terminal.waitFor('Delete 3 jobs?');
  await picture(terminal, 'confirm');
  // Neither Enter nor the same key is a yes.
  terminal.send('\rd');
  terminal.send('y');
  await terminal.waitFor('3 deleted');
  await picture(terminal, 'results');
  expect(jobFiles(home)).toEqual(['job-0000', 'job-0004']);
  // Out of the list at once.
  terminal.send('u');
  await terminal.waitFor('3 restored');
  expect(jobFiles(home)).toHaveLength(5);
  expect(jobOnDisk(home, 'job-0001')).toMatchObject({
    description: 'the job 1',
    revision: before['revision'],
  });
  terminal.send('\u001b');
  await terminal.waitFor((screen) => !screen.includes('3 restored') && /Jobs \d\/5/.test(screen));
  // Again: it asks before it deletes.
  terminal.send('\u0012');
  await terminal.waitFor('delete?');
  terminal.send('y');
  await terminal.waitFor('3 deleted again');
  expect(jobFiles(home)).toEqual(['job-0000', 'job-0004']);
  terminal.send('\r');
  await terminal.waitFor((screen) => !screen.includes('3 deleted again'));
  terminal.send('U');
  await terminal.waitFor('Changes made here');
  await terminal.waitFor('Deleted 3 jobs');
  await picture(terminal, 'journal');
  terminal.send('\r');
  await terminal.waitFor('3 restored');
  expect(jobFiles(home)).toHaveLength(5);
});

it('does not undo over an agent’s later change, and reports it', async () => {
  const home = await homeWithJobs(2, () => ({ tags: ['old'] }));
  const terminal = openDashboardIn(home);
  await terminal.waitFor('job-0001');
  terminal.send('#daily\r');
  await terminal.waitFor('job-0000 was tagged');
  terminal.send('ja');
  await terminal.waitFor(/disabled +job-0001/);
  // One after the other: of what is heard at once the last one is told.
  await editAs('mcp', home, 'job-0000', { tags: ['agent'] });
  await terminal.waitFor(/job-0000: .*\(an agent\)/);
  await editAs('mcp', home, 'job-0001', { description: 'theirs' });
  await terminal.waitFor(/job-0001: .*\(an agent\)/);
  terminal.send('u');
  await terminal.waitFor('Undo what is possible?');
  await picture(terminal, 'part');
  terminal.send('y');
  await terminal.waitFor('job-0001 was changed back');
  expect(jobOnDisk(home, 'job-0001')).toMatchObject({ enabled: true, description: 'theirs' });
  terminal.send('u');
  await terminal.waitFor('tags was changed meanwhile by an agent');
  expect(jobOnDisk(home, 'job-0000')).toMatchObject({ tags: ['agent'] });
  terminal.send('N');
  const screen = await terminal.waitFor('Activity');
  await picture(terminal, 'happenings');
  expect(screen).toMatch(/job-0000 +edited: tags +an agent/);
  expect(screen).toMatch(/job-0001 +disabled +you/);
  terminal.send('\r');
  // Enter went to the job.
  await terminal.waitFor((screen) => !screen.includes('Activity') && /▌.*job-0001/.test(screen));
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
});

it('asks before q ends an unfinished batch, ends it cleanly, and lists what was not done', async () => {
  const home = await homeWithJobs(8);
  const terminal = openDashboardIn(home);
  await terminal.waitFor('job-0007');
  const lock = new StoreLock(join(home, 'locks', 'store.db'));
  let letGo = () => {};
  let held: Promise<void> | undefined;
  // Somebody else may have it at this moment.
  await new Promise<void>((taken) => {
    held = lock.withLock(() => {
      taken();
      return new Promise<void>((resolve) => (letGo = resolve));
    });
  });
  onTestFinished(async () => {
    letGo();
    await held;
    lock.close();
  });
  terminal.send('*ay');
  await terminal.waitFor('8 to go');
  terminal.send('q');
  await terminal.waitFor('Disable: not all of 8 have been done.');
  terminal.send('n');
  await terminal.waitFor((screen) => !screen.includes('been done'));
  terminal.send('q');
  await terminal.waitFor('been done');
  const from = terminal.raw.length;
  terminal.send('y');
  // The terminal is there again at once.
  await terminal.waitForBytes('\u001b[?1049l', from);
  letGo();
  expect((await terminal.exited).exitCode).toBe(0);
  await terminal.waitFor('quickscrape: Disable: 4 jobs disabled; the other 4 were not.');
  expect(jobFiles(home).filter((id) => !jobOnDisk(home, id)['enabled'])).toHaveLength(4);
});

it('starts the scheduler and stops it after a question', async () => {
  const home = await homeWithJobs(1);
  const terminal = openDashboardIn(home);
  await terminal.waitFor('job-0000');
  terminal.send('D');
  await terminal.waitFor('The scheduler is off');
  await picture(terminal, 'scheduler');
  terminal.send('s');
  await terminal.waitFor(/scheduler on/);
  terminal.send('D');
  await terminal.waitFor('Nothing is due before');
  await picture(terminal, 'scheduler-on');
  terminal.send('x');
  await terminal.waitFor('Stop the scheduler?');
  terminal.send('y');
  await terminal.waitFor('scheduler off');
});

it('offers none of it with --read-only', async () => {
  const home = await homeWithJobs(2);
  const terminal = openDashboardIn(home, { args: ['--read-only'] });
  await terminal.waitFor('job-0001');
  terminal.send('*d');
  await terminal.waitFor('Delete: The dashboard was opened with --read-only.');
  expect(jobFiles(home)).toHaveLength(2);
});

it('reports what happened while it was closed', async () => {
  const home = await homeWithJobs(2);
  const env = { XDG_STATE_HOME: tempFolder() };
  const first = openDashboardIn(home, { env });
  await first.waitFor('job-0001');
  first.send('q');
  await first.exited;
  await editAs('mcp', home, 'job-0000', { tags: ['agent'] });
  const terminal = openDashboardIn(home, { env });
  await terminal.waitFor('1 new');
  terminal.send('N');
  await terminal.waitFor(/job-0000 +edited +an agent/);
});
