import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { requestRun } from '../../src/core/execution/request-run.ts';
import { runFiles } from '../../src/core/runs/run-files.ts';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { quickscrape } from '../program.ts';
import { waitFor } from '../wait-for.ts';

it.skipIf(lacks('shell'))(
  'an alert that fails is an error in the log and a mark on its job, until a later one works',
  async ({ site, homeWithJob }) => {
    const home = await homeWithJob({
      schedule: { type: 'daily', time: '09:00', timezone: 'UTC' },
      max_retries: 0,
      on_failure: 'no-such-mailer -s x me',
    });
    const { workspace, jobId } = home;
    site.answer(404);
    const fail = async () => {
      const { runId } = await requestRun(workspace, jobId);
      await waitFor('its callback', () => workspace.runs.get(runId)?.callback === 'done');
      return readFileSync(runFiles(workspace.paths, jobId, runId).log, 'utf8');
    };
    const said = async (...args: string[]) =>
      (await quickscrape(args, { home: workspace.paths.home })).stdout;
    const failure = async () => {
      const { callback_failure, explanation } = JSON.parse(await said('job', 'show', jobId, '--json'));
      expect(explanation.some((line: string) => line.startsWith('Its last alert did not go out'))).toBe(
        callback_failure !== null,
      );
      return callback_failure;
    };
    const words = 'on_failure failed: not run: no such file or command; give its full path';

    expect(await fail()).toMatch(/ERROR on_failure failed: no-such-mailer: not run: no such file or command/);
    expect(await failure()).toContain(words);
    expect(await said('job', 'list')).toMatch(/^! watched /m);
    expect(await said('job', 'show', jobId)).toMatch(/^alert +did not go out: .*on_failure failed: not run/m);
    expect(await said('doctor')).toContain(`the last alert of job ${jobId} did not go out`);

    await workspace.jobs.update(jobId, { on_failure: ['sh', '-c', 'exit 7'] }, { by: 'library' });
    await fail();
    expect(await failure()).toMatch(/: on_failure failed: exit code 7$/);
    await workspace.jobs.update(jobId, { on_failure: null, on_success: ['true'] }, { by: 'library' });
    expect(await failure()).toBeNull();
    expect(await said('doctor')).not.toContain('did not go out');
    await workspace.jobs.update(jobId, { on_failure: ['true'] }, { by: 'library' });
    expect(await failure()).not.toBeNull();
    expect(await fail()).toMatch(/INFO {2}callback true: done/);
    expect(await failure()).toBeNull();
    expect(await said('job', 'list')).not.toContain('! watched');
  },
);

it.skipIf(lacks('shell'))(
  'a command that is not there is warned of when it is saved, and by the doctor; a pipe in it is refused',
  async ({ homeWithJob }) => {
    const { workspace, jobId } = await homeWithJob({
      schedule: { type: 'daily', time: '09:00', timezone: 'UTC' },
    });
    const say = (...args: string[]) => quickscrape(args, { home: workspace.paths.home });
    const warning = 'on_failure: the command no-such-mailer is not on the PATH of this process';
    const updated = await say('job', 'update', jobId, '--on-failure', 'no-such-mailer me');
    expect(updated).toMatchObject({ code: 0, stderr: expect.stringContaining(warning) });
    const made = await say(
      'job',
      'create',
      '--config',
      'source',
      '--schedule',
      'hourly',
      '--on-failure',
      'no-such-mailer me',
    );
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining(warning) });
    expect((await say('doctor')).stdout).toContain(warning);

    const piped = await say('job', 'update', jobId, '--on-failure', 'mail me | tee log');
    expect(piped).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/on_failure: "\|" needs a shell.*\n.*"sh","-c"/),
    });
    const array = await say(
      'job',
      'update',
      jobId,
      '--on-failure',
      '["sh", "-c", "cat | tee log"]',
      '--json',
    );
    expect(JSON.parse(array.stdout)).toMatchObject({
      job: { on_failure: ['sh', '-c', 'cat | tee log'] },
      warnings: [expect.stringContaining('No scheduler is running')],
    });
  },
);

it('a job that was paused after failures is paused again when it is restored', async ({
  site,
  homeWithJob,
}) => {
  const home = await homeWithJob({
    schedule: { type: 'daily', time: '09:00', timezone: 'UTC' },
    ...{ max_retries: 0, pause_after_failures: 1 },
  });
  const { workspace, jobId } = home;
  site.answer(404);
  await home.runThat(['failed'], (await requestRun(workspace, jobId)).runId);
  const say = (...args: string[]) => quickscrape(args, { home: workspace.paths.home });
  const shown = async () => JSON.parse((await say('job', 'show', jobId, '--json')).stdout);
  const { paused } = await shown();
  expect(paused).toMatchObject({ failures: 1 });
  await say('job', 'delete', jobId, '--force');
  const restored = await say('job', 'restore', jobId);
  expect(restored.stdout).toContain('It is paused after failures, as it was');
  expect(await shown()).toMatchObject({ paused, next_runs: [], job: { next_run: null, status: 'failed' } });
});
