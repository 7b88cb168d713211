import { expect, it } from 'vitest';
import { type Caller, LiveJobs, type Run } from '../../../editors/vscode/src/live-jobs.ts';

/** Answers what the test gives, when the test gives it. */
function heldCaller() {
  const asked: { name: string; params: object; answer(value: unknown): void; refuse(error: Error): void }[] =
    [];
  const caller = {
    call: (name: string, params: object) =>
      new Promise((answer, refuse) => {
        asked.push({ name, params, answer, refuse });
      }),
  } as Caller;
  return { caller, asked };
}

const run = (status: Run['status'], run_id = 'k3f9') => ({ run_id, job_id: 'news', status }) as Run;

it('jobs that could not be read are read again', async () => {
  const { caller, asked } = heldCaller();
  const jobs = new LiveJobs(caller, () => {});
  const failing = jobs.jobs();
  asked[0]?.refuse(new Error('busy'));
  await expect(failing).rejects.toThrow('busy');
  void jobs.jobs();
  expect(asked.map(({ name }) => name)).toEqual(['list_jobs', 'list_jobs']);
});

it('a run that ends while runs are read is not shown as active', async () => {
  const { caller, asked } = heldCaller();
  const jobs = new LiveJobs(caller, () => {});
  const runs = jobs.runsOf('news');
  jobs.notify('run_changed', { run: run('succeeded') });
  asked[0]?.answer({ runs: [run('running'), run('failed', 'older')] });
  expect(await runs).toEqual([run('succeeded'), run('failed', 'older')]);

  const all = jobs.jobs();
  asked[1]?.answer({ jobs: [], total: 0 });
  await Promise.resolve();
  await Promise.resolve();
  jobs.notify('run_changed', { run: run('succeeded') });
  for (const { name, answer } of asked.slice(2)) if (name === 'list_runs') answer({ runs: [run('running')] });
  await all;
  expect(jobs.activeRun('news')).toBeUndefined();
  jobs.dispose();
});

it('progress changes a run in its place, and a new run comes first', async () => {
  const { caller, asked } = heldCaller();
  const jobs = new LiveJobs(caller, () => {});
  const reading = jobs.runsOf('news');
  asked[0]?.answer({ runs: Array.from({ length: 10 }, (_, index) => run('succeeded', `run${index}`)) });
  await reading;
  jobs.notify('run_changed', { run: run('running', 'new') });
  jobs.notify('run_progress', { run: { ...run('running', 'new'), items: 20 } });
  const [first, ...rest] = await jobs.runsOf('news');
  expect(first).toMatchObject({ run_id: 'new', items: 20 });
  expect(rest).toHaveLength(9);
  expect(jobs.activeRun('news')).toMatchObject({ items: 20 });
  expect(asked).toHaveLength(1);
  jobs.dispose();
});

it('changes that come together are one, and unknown notifications none', async () => {
  const { caller } = heldCaller();
  let changes = 0;
  const changed = new Promise<void>((resolve) => {
    const jobs = new LiveJobs(caller, () => {
      changes += 1;
      resolve();
    });
    jobs.notify('something_new', {});
    for (let count = 0; count < 50; count += 1) jobs.notify('run_progress', { run: run('running') });
  });
  await changed;
  expect(changes).toBe(1);
});
