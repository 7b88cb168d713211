import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { schedulerStatus } from '../../../src/core/scheduler/scheduler-status.ts';
import { DAILY, it } from '../operations/open-home.ts';

it('a status that was asked for before has each change since, also one by hand', async ({
  workspace,
  call,
}) => {
  const make = (job_id: string) => call('create_job', { job_id, config_name: 'books', schedule: DAILY });
  const figures = () => {
    const { jobs, enabled, nextRun, warnings } = schedulerStatus(workspace);
    return { jobs, enabled, isDue: nextRun !== null, warnings };
  };
  const fileOf = (id: string) => `${workspace.paths.jobs}/${id}.json`;
  /** In place, and long ago, so that no file counts as just written. */
  const age = (id: string, hours: number) => {
    const at = new Date(Date.now() - hours * 3_600_000);
    utimesSync(fileOf(id), at, at);
  };
  await make('one');
  age('one', 5);
  const usual = { jobs: 1, enabled: 1, isDue: true, warnings: [] };
  // The second and the third look find the first one's figures.
  for (let look = 0; look < 3; look += 1) expect(figures()).toEqual(usual);

  await make('two');
  expect(figures()).toEqual({ ...usual, jobs: 2, enabled: 2 });
  for (const [at, id] of ['one', 'two'].entries()) {
    age(id, 4 - at);
    figures();
    const text = readFileSync(fileOf(id), 'utf8');
    writeFileSync(fileOf(id), text.replace('"enabled": true', '"enabled": false'));
    age(id, 2 - at);
    expect(figures()).toEqual({ jobs: 2, enabled: 1 - at, isDue: at === 0, warnings: [] });
  }
  await call('update_job', { job_id: 'one', changes: { enabled: true } });
  expect(figures()).toEqual({ ...usual, jobs: 2 });
  workspace.db.run("UPDATE job_state SET paused_at = 1, paused_after = 0, strikes = 3 WHERE job_id = 'one'");
  await call('update_job', { job_id: 'one', changes: { pause_after_failures: 3 } });
  workspace.db.run("UPDATE job_state SET paused_at = 1, paused_after = 3 WHERE job_id = 'one'");
  expect(figures()).toMatchObject({ isDue: false, warnings: [expect.stringContaining('paused')] });
  rmSync(fileOf('two'));
  expect(figures()).toMatchObject({ jobs: 1, enabled: 1 });
});
