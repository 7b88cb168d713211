import { expect, it } from 'vitest';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn } from './terminal.ts';

it('shows the jobs and moves with the keys', async () => {
  const terminal = openDashboardIn(await homeWithJobs(5));
  await terminal.waitFor('Jobs 1/5');
  const screen = await terminal.waitFor('job-0004');
  expect(screen).toContain('q quit');
  terminal.send('jj');
  await terminal.waitFor(/▌.*job-0002/);
  // Many keys in one chunk, and a sequence that comes in two.
  terminal.send(`${'j'.repeat(500)}k\u001b`);
  terminal.send('[A');
  await terminal.waitFor(/▌.*job-0002/);
  terminal.send(':');
  await terminal.waitFor('Actions');
  terminal.send('\u001b');
  await terminal.waitFor((screen) => !screen.includes('Actions'));
  terminal.send('?');
  const help = (await terminal.waitFor('Keys')).split('\n');
  const row = help.findIndex((line) => line.includes('Run the job now'));
  const column = help[row]?.search(/\br\b/) ?? -1;
  expect(await terminal.cell(column, row)).toMatchObject({ text: 'r', foreground: 6, bold: true });
  terminal.send('?');
  await terminal.waitFor((screen) => !screen.includes('Keys'));
  // The selected line of the help is run in the view below.
  terminal.send('?/timeline');
  await terminal.waitFor(/▌T +Show the timeline/);
  terminal.send('\r');
  await terminal.waitFor(/^Timeline, /);
  terminal.send('\u001b');
  await terminal.waitFor('Jobs 3/5');
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
  expect(terminal.onAlternateScreen).toBe(false);
});
