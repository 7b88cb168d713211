import { expect, it } from 'vitest';
import { homeWithJobs } from './home-with-jobs.ts';
import { openDashboardIn } from './terminal.ts';

it('with INK_SCREEN_READER=true the dashboard is read in words, and the cursor goes with the selection', async () => {
  const home = await homeWithJobs(3);
  const env = { INK_SCREEN_READER: 'true' };
  const terminal = openDashboardIn(home, { columns: 120, rows: 35, env });
  const screen = await terminal.waitFor(/selected: job-0000, new/);
  const rowOf = (text: string, line: RegExp) => text.split('\n').findIndex((each) => line.test(each)) + 1;
  const row = rowOf(screen, /^selected: job-0000/);
  expect(terminal.raw).toContain(`\u001b[${row};1H`);
  expect(terminal.raw.split('\u001b]2;QuickScrape ')).toHaveLength(2);
  await terminal.waitFor(/^Detail of job-0000: why, tab 1 of 6$[\s\S]*no scheduler has run/m);
  let from = terminal.raw.length;
  terminal.send('j');
  await terminal.waitFor(/^selected: job-0001/m);
  await terminal.waitForBytes(`\u001b[${row + 1};1H`, from);
  terminal.send(':quit');
  await terminal.waitFor(/^Dialog: Actions, 1 of \d+$[\s\S]*^selected: Quit/m);
  terminal.send('\u001b');
  await terminal.waitFor(/^Jobs, sorted by/m);
  from = terminal.raw.length;
  terminal.send('d');
  await terminal.waitFor(/^Dialog: Delete[\s\S]*^y yes/m);
  terminal.send('n');
  await terminal.waitFor(/^Jobs, sorted by/m);
  // The panes of a configuration have no selection: the cursor is at the title of the one that the keys go to.
  terminal.send('c');
  await terminal.waitFor(/^Configurations$[\s\S]*^selected: .*shop/m);
  terminal.send('\r');
  const bench = await terminal.waitFor(/^shop cannot run[\s\S]*^Found/m);
  from = terminal.raw.length;
  terminal.send('\t');
  await terminal.waitForBytes(`\u001b[${rowOf(bench, /^Found/)};1H`, from);
  from = terminal.raw.length;
  terminal.send('\t');
  await terminal.waitForBytes(`\u001b[${rowOf(bench, /^shop cannot run/)};1H`, from);
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
});

it('--screen-reader does the same', async () => {
  const terminal = openDashboardIn(await homeWithJobs(1), { args: ['--screen-reader'] });
  await terminal.waitFor(/^selected: job-0000, new/m);
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
});
