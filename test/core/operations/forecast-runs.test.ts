import { expect } from 'vitest';
import { recordWorker, setWorkerDrain } from '../../../src/core/workers/worker-records.ts';
import { it } from './open-home.ts';

const HOURLY = { type: 'hourly', minute: 0, timezone: 'Asia/Kathmandu' } as const;

it('forecasts the occurrences of enabled jobs, each in its own zone, with what shifts its start', async ({
  call,
}) => {
  await call('create_job', {
    job_id: 'one',
    config_name: 'books',
    schedule: HOURLY,
    stagger: 300,
    jitter: 30,
  });
  await call('create_job', { job_id: 'off', config_name: 'books', schedule: HOURLY, enabled: false });
  const answer = await call('forecast_runs', { hours: 3 });
  expect(answer).toMatchObject({
    jobs: 1,
    total: 3,
    truncated: false,
    collisions: [],
    warnings: [],
    skipped: [],
  });
  expect(answer.by_hour.reduce((sum, { runs }) => sum + runs, 0)).toBe(3);
  for (const run of answer.occurrences) {
    expect(run).toMatchObject({ job_id: 'one', config_name: 'books', host: '127.0.0.1:9' });
    expect(run.at).toMatch(/:00:00\.000\+05:45$/);
    const later = Date.parse(run.starts_at) - Date.parse(run.at);
    expect(later).toBeGreaterThan(0);
    expect(later).toBeLessThan(300_000);
    expect(run.notes).toEqual([{ kind: 'staggered', text: expect.stringMatching(/^starts .* at random/) }]);
  }
});

it('names the jobs that will wait, for a slot and for their host', async ({ workspace, call }) => {
  await workspace.settings.set('max_concurrent_runs', '4');
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    await call('create_job', {
      job_id: id,
      config_name: 'books',
      schedule: HOURLY,
      priority: id === 'e' ? 9 : 0,
    });
  }
  const { collisions, collisions_total } = await call('forecast_runs', { hours: 1, limit: 2 });
  expect(collisions_total).toBe(2);
  expect(collisions).toMatchObject([
    {
      limit: 'slots',
      jobs: ['e', 'a', 'b', 'c', 'd'],
      waiting: 1,
      text: '5 jobs start and 4 run at once (max_concurrent_runs): d waits',
    },
    {
      limit: 'host',
      host: '127.0.0.1:9',
      waiting: 3,
      text: '5 jobs start and 2 may scrape 127.0.0.1:9 at once (max_runs_per_host): b, c, d wait',
    },
  ]);
});

it('counts the slots of the workers that take runs, where runs go to other machines', async ({
  workspace,
  call,
}) => {
  await workspace.settings.set('max_concurrent_runs', '4');
  await workspace.settings.set('max_runs_per_host', '9');
  await workspace.settings.set('executor', 'bullmq');
  for (const id of ['a', 'b', 'c', 'd']) {
    await call('create_job', { job_id: id, config_name: 'books', schedule: HOURLY });
  }
  const texts = async () =>
    (await call('forecast_runs', { hours: 1 })).collisions.map(({ text }) => text.replace(/.* and /, ''));
  const warnings = async () => (await call('forecast_runs', { hours: 1 })).warnings;
  expect(await texts()).toEqual([]);
  expect(await warnings()).toEqual([
    'no worker takes runs now: they wait for one; this forecast counts 4 slots (max_concurrent_runs)',
  ]);
  await workspace.settings.set('executor_fallback', 'local');
  expect(await warnings()).toEqual([]);
  await workspace.settings.set('executor_fallback', 'wait');
  await workspace.settings.set('executor_local_slots', '1');
  expect(await texts()).toEqual(['1 run at once (executor_local_slots, no worker takes runs): b, c, d wait']);
  expect(await warnings()).toEqual([]);
  const now = workspace.clock.now();
  const report = { tags: [], running: 0, version: '1', skewMs: 0 };
  recordWorker(workspace.db, { ...report, name: 'gone', slots: 8 }, now - 600_000);
  recordWorker(workspace.db, { ...report, name: 'full', slots: 8 }, now);
  setWorkerDrain(workspace.db, 'full', 1);
  recordWorker(workspace.db, { ...report, name: 'paris', slots: 2 }, now);
  expect(await texts()).toEqual(['3 run at once (the slots of the workers): d waits']);
  recordWorker(workspace.db, { ...report, name: 'lyon', slots: 2 }, now);
  expect(await texts()).toEqual([]);
});

it('expects a run to take as long as the last five of its job did, where they needed one attempt', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'long', config_name: 'books', schedule: HOURLY });
  await call('create_job', { job_id: 'new', config_name: 'books', schedule: HOURLY });
  const past = (minutes: number, attempt: number, queuedAt: number) =>
    workspace.db.run(
      `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, attempt, max_attempts,
         queued_at, not_before, started_at, finished_at)
       VALUES (?, 'long', 'books', 'manual', 'cli', 'UTC', 'succeeded', ?, 3, ?, ?, 0, ?)`,
      [`run-${queuedAt}`, attempt, queuedAt, queuedAt, minutes * 60_000],
    );
  past(600, 1, 1);
  for (const [index, minutes] of [10, 20, 30, 40, 50].entries()) past(minutes, 1, 2 + index);
  past(900, 2, 9);
  const { occurrences } = await call('forecast_runs', { hours: 1 });
  const takes = Object.fromEntries(occurrences.map(({ job_id, takes_s }) => [job_id, takes_s]));
  expect(takes).toEqual({ long: 1_800, new: null });
});

it('lists as many as asked for and says that there are more', async ({ call }) => {
  await call('create_job', {
    job_id: 'fast',
    config_name: 'books',
    schedule: { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' },
  });
  const answer = await call('forecast_runs', { hours: 24 });
  expect(answer.occurrences).toHaveLength(1000);
  expect(answer).toMatchObject({ total: 86_400, truncated: true });
  expect(await call('forecast_runs', { hours: 1, limit: 0 })).toMatchObject({ occurrences: [], total: 3600 });
});

it('labels what daylight saving and short months do, within the window', async ({ workspace, call }) => {
  const berlin = 'Europe/Berlin';
  await call('create_job', {
    job_id: 'night',
    config_name: 'books',
    schedule: { type: 'daily', time: '02:30', timezone: berlin },
  });
  await call('create_job', {
    job_id: 'often',
    config_name: 'books',
    schedule: { type: 'hourly', minute: 30, timezone: berlin },
  });
  await call('create_job', {
    job_id: 'month',
    config_name: 'books',
    schedule: { type: 'monthly', day_of_month: 31, time: '09:00', timezone: berlin },
  });
  const at = (instant: string) => ({ now: () => Date.parse(instant) });
  const on = (instant: string) => ({ ...workspace, clock: { ...workspace.clock, ...at(instant) } });
  const { forecastRuns } = await import('../../../src/core/operations/forecast-runs.ts');
  const spring = await forecastRuns.handler(on('2027-03-27T23:00:00Z'), { hours: 5, limit: 100 }, {});
  const notes = spring.occurrences.flatMap((run) => run.notes.map(({ kind }) => `${run.job_id} ${kind}`));
  expect(notes).toEqual(['night shifted']);
  expect(spring.skipped).toMatchObject([{ job_id: 'often', at: '2027-03-28T03:00:00.000+02:00' }]);
  const autumn = await forecastRuns.handler(on('2027-10-30T22:00:00Z'), { hours: 5, limit: 100 }, {});
  expect(autumn.occurrences.flatMap((run) => run.notes.map(({ kind }) => `${run.job_id} ${kind}`))).toEqual([
    'often doubled',
  ]);
  const april = await forecastRuns.handler(on('2027-04-30T00:00:00Z'), { hours: 24, limit: 100 }, {});
  expect(april.occurrences.find((run) => run.job_id === 'month')?.notes).toMatchObject([{ kind: 'clamped' }]);
});
