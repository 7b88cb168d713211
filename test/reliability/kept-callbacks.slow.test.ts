import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reconcileRuns } from '../../src/core/execution/reconcile-runs.ts';
import { requestRun } from '../../src/core/execution/request-run.ts';
import { runFiles } from '../../src/core/runs/run-files.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { sendSignal } from '../send-signal.ts';
import { waitFor } from '../wait-for.ts';

const alert = (word: string) => ['sh', '-c', `echo "${word} $QUICKSCRAPE_STATUS" >> calls.txt`];
const JOB = {
  schedule: { type: 'daily', time: '09:00', timezone: 'UTC' },
  max_retries: 0,
  on_failure: alert('first'),
};

/** A run that waits for its page, and its job's file. */
async function setting() {
  const site = await gatedSite();
  const home = await scheduledHome(gatedConfig(site.url), JOB);
  const { workspace, jobId } = home;
  site.hold();
  const start = async () => {
    const { runId } = await requestRun(workspace, jobId);
    const run = await home.runThat(['running'], runId);
    await waitFor('the page to be asked for', () => site.hits() > 0);
    return run;
  };
  const calls = () => {
    const file = join(workspace.paths.home, 'calls.txt');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  const callbackOf = (runId: string) =>
    waitFor('the end of its callback', () => {
      const run = workspace.runs.get(runId);
      return run !== undefined && !['due', 'running', null].includes(run.callback) && run;
    });
  return {
    site,
    home,
    workspace,
    start,
    calls,
    callbackOf,
    file: join(workspace.paths.jobs, `${jobId}.json`),
  };
}

it.each([
  ['saved with a typing error', (file: string) => writeFileSync(file, '{"config_name": "source", ]')],
  ['cut short', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40))],
  ['away', (file: string) => rmSync(file)],
])(
  'an alert is not lost when the job’s file is %s at the moment its run ends',
  async (_what, change) => {
    const { site, start, calls, callbackOf, file } = await setting();
    const { runId } = await start();
    change(file);
    site.answer(404);
    site.open();
    expect(await callbackOf(runId)).toMatchObject({ status: 'failed', callback: 'done' });
    expect(calls()).toEqual(['first failed']);
  },
  90_000,
);

it('an alert is not lost when run and scheduler are killed and the job’s file is broken when the next one looks', async () => {
  const { home, start, calls, callbackOf, file } = await setting();
  const scheduler = await home.startScheduler();
  const run = await start();
  await scheduler.kill();
  writeFileSync(file, '{');
  sendSignal(run.process, 'SIGKILL');
  await home.startScheduler();
  expect(await callbackOf(run.runId)).toMatchObject({ status: 'abandoned', callback: 'done' });
  expect(calls()).toEqual(['first abandoned']);
}, 90_000);

it('a run calls the commands of its job as of its start; an edit counts from the next run on', async () => {
  const { site, home, workspace, start, calls, callbackOf } = await setting();
  const { runId } = await start();
  await workspace.jobs.update(home.jobId, { on_failure: alert('second') }, { by: 'library' });
  site.answer(404);
  site.open();
  await callbackOf(runId);
  await callbackOf((await requestRun(workspace, home.jobId)).runId);
  expect(calls()).toEqual(['first failed', 'second failed']);
}, 90_000);

it('an alert of a run whose job cannot be read when it starts is made, as the job was when it was queued', async () => {
  const { site, home, workspace, calls, callbackOf, file } = await setting();
  await workspace.settings.set('max_runs_per_host', 1);
  const { schedule } = JOB;
  await workspace.jobs.create({ id: 'other', fields: { config_name: 'source', schedule } }, 'library');
  await home.startScheduler();
  await requestRun(workspace, 'other');
  await waitFor('the page to be asked for', () => site.hits() > 0);
  const { runId } = await requestRun(workspace, home.jobId);
  expect(workspace.runs.get(runId)?.status).toBe('queued');
  writeFileSync(file, '{');
  site.open();
  expect(await callbackOf(runId)).toMatchObject({ status: 'failed', error: { kind: 'job_unusable' } });
  expect(calls()).toEqual(['first failed']);
}, 90_000);

it('a callback that can no longer be known is not recorded as done: the log says why', async () => {
  const { site, workspace, start, calls, callbackOf, file } = await setting();
  const run = await start();
  site.answer(404);
  site.open();
  await callbackOf(run.runId);
  expect(calls()).toEqual(['first failed']);
  // As a run that an older version has started stands in the database.
  workspace.db.run(
    `UPDATE runs SET callback = 'due', callbacks = NULL, finished_at = 1, pid_start = 'gone' WHERE run_id = ?`,
    [run.runId],
  );
  rmSync(file);
  reconcileRuns(workspace);
  expect(await callbackOf(run.runId)).toMatchObject({ callback: 'lost' });
  const { log } = runFiles(workspace.paths, run.jobId, run.runId);
  expect(readFileSync(log, 'utf8')).toMatch(/ERROR callback: not made: .* the file of its job is gone\n$/);
}, 90_000);
