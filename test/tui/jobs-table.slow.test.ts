import { expect, it } from 'vitest';
import { openTempWorkspace } from '../temp-workspace.ts';
import { homeWithJobs } from './home-with-jobs.ts';
import { putRun } from './runtime/home/put-run.ts';
import { openDashboardIn } from './terminal.ts';

const HOUR = 3_600_000;

/** A home of 40 jobs with a past; `job-0001` has just failed, `job-0004` is disabled. */
async function homeWithRuns() {
  const home = await homeWithJobs(40, (index) => ({
    ...{ tags: index % 3 === 0 ? ['price', 'daily'] : [], enabled: index !== 4 },
  }));
  const workspace = openTempWorkspace({ home, actor: 'mcp' });
  for (let index = 0; index < 10; index += 1) {
    const id = `job-000${index}`;
    for (let ago = 8; ago > 0; ago -= 1)
      putRun(workspace, id, {
        ago: ago * HOUR,
        items: 100 + ago,
        status: ago === 5 ? 'failed' : 'succeeded',
      });
    if (index === 1) putRun(workspace, id, { ago: 60_000, status: 'failed' });
  }
  return { home, workspace };
}

it('lists the jobs with their next and last runs, at every size', async () => {
  const { home } = await homeWithRuns();
  const terminal = openDashboardIn(home, { columns: 200, rows: 50 });
  const wide = await terminal.waitFor(/job-0000 .*ago .*▆▅▄✗▃▂▂▁/);
  expect(wide).toMatch(/STATE +JOB▲ +NEXT +AT +LAST +TOOK +ITEMS +CHANGE +HISTORY/);
  expect(wide).toMatch(/✗ failed +job-0001 .* ago/);
  expect(wide).toMatch(/✓ ok +job-0003 +in .* 1\.0s +101 +-1 +▆▅▄✗▃▂▂▁/);
  expect(wide).toMatch(/– disabled +job-0004/);
  for (const [columns, rows] of [
    [120, 30],
    [80, 24],
    [60, 12],
    [40, 10],
  ] as const) {
    terminal.resize(columns, rows);
    await terminal.waitFor((text) => /STATE +JOB▲ +NEXT/.test(text) && /failed +job-0001 +in/.test(text));
  }
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
});

it('filters while typing, reports errors, and completes', async () => {
  const { home } = await homeWithRuns();
  const terminal = openDashboardIn(home, { columns: 80, rows: 24 });
  await terminal.waitFor('job-0000');
  terminal.send('/state:f');
  await terminal.waitFor(/state:f .* 1 of 40/);
  terminal.send('oo');
  await terminal.waitFor(/no state is called foo/);
  terminal.send('\u007f\u007f\t tag:pr');
  await terminal.waitFor(/state:failed tag:pr .* 0 of 40/);
  await terminal.waitFor('Tab: price  14 jobs');
  terminal.send('\u0017\u0017tag:pr\t\r');
  const found = await terminal.waitFor(/tag:price .* 14 of 40/);
  expect(found).toContain('Jobs 1/14 of 40');
  terminal.send('\u001b');
  await terminal.waitFor('Jobs 1/40');
});

it('shows what an agent does, and leaves the cursor on its job', async () => {
  const { home, workspace } = await homeWithRuns();
  const terminal = openDashboardIn(home, { columns: 120, rows: 30 });
  await terminal.waitFor('job-0000');
  terminal.send('jjj');
  await terminal.waitFor(/▌.*job-0003/);
  await workspace.jobs.delete('job-0000', { by: 'mcp' });
  await workspace.jobs.update('job-0005', { enabled: false }, { by: 'mcp' });
  await terminal.waitFor(/•– disabled +job-0005/);
  const screen = await terminal.waitFor('Jobs 3/39');
  expect(screen).toMatch(/▌.*job-0003/);
  expect(screen).not.toMatch(/(ok|new) +job-0000/);
});
