import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BOOK_JOBS, demoConfigs, FAILING_JOB, MORE_JOBS } from '../../../src/cli/demo/demo-jobs.ts';
import { pastRuns, recordPastRun, setJobStateFromRuns } from '../../../src/cli/demo/demo-past.ts';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

function workspace(): Workspace {
  const home = join(tempFolderInMemory(), 'home');
  mkdirSync(home, { mode: 0o700 });
  const made = openTempWorkspace({ home, actor: 'cli' });
  return made;
}

it('a job with a made-up past looks as if it had been there all the time', async () => {
  const made = workspace();
  const { runs, configs, db } = made;
  await configs.write('books', demoConfigs('http://127.0.0.1:9/').books);
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' } as const;
  await callOperation(made, 'create_job', { job_id: 'daily', config_name: 'books', schedule });
  const now = Date.now();
  const past = pastRuns({ runs: 14, durationMs: 4_000, pages: 50 }, schedule, now);
  for (const run of past) recordPastRun(db, { id: 'daily', configName: 'books', timezone: 'UTC' }, run);
  setJobStateFromRuns(db, 'daily');

  const history = runs.list({ jobId: 'daily' }).runs;
  expect(history).toHaveLength(14);
  expect(history[0]).toMatchObject({ status: 'succeeded', items: 1000, pages: 50, trigger: 'schedule' });
  expect(history.every(({ startedAt }) => (startedAt ?? now) < now)).toBe(true);
  const { job } = await callOperation(made, 'get_job', { job_id: 'daily' });
  expect(job).toMatchObject({ status: 'completed' });
  expect(Date.parse(String(job.last_run))).toBe(history[0]?.startedAt);
});

it('a past has its failures where they are said, counted from the newest run, and its items grow', () => {
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' } as const;
  const failures = [{ runs: [0, 3], status: 'failed', error: { kind: 'http', message: '503' } }] as const;
  const runs = pastRuns(
    { runs: 10, durationMs: 1_000, pages: 2, growth: 12, failures },
    schedule,
    Date.now(),
  );
  expect(runs.map(({ status }) => status === 'failed')).toEqual(
    Array.from({ length: 10 }, (_, index) => index === 6 || index === 9),
  );
  const items = runs.filter(({ status }) => status === 'succeeded').map((run) => run.items);
  expect(items[0]).toBeLessThan(items.at(-1) ?? 0);
  expect(Math.max(...items)).toBeLessThanOrEqual(40);
});

it('a job whose failures have paused it is paused, and says how many there were', async () => {
  const made = workspace();
  await made.configs.write('books', demoConfigs('http://127.0.0.1:9/').books);
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' } as const;
  const fields = { job_id: 'daily', config_name: 'books', schedule, pause_after_failures: 2 };
  await callOperation(made, 'create_job', fields);
  const past = {
    runs: 5,
    durationMs: 100,
    pages: 1,
    failures: [{ runs: [0, 1], status: 'failed' }],
  } as const;
  for (const run of pastRuns(past, schedule, Date.now()))
    recordPastRun(made.db, { id: 'daily', configName: 'books', timezone: 'UTC' }, run);
  setJobStateFromRuns(made.db, 'daily', true);
  const { job, explanation } = await callOperation(made, 'get_job', { job_id: 'daily' });
  expect(job).toMatchObject({ status: 'failed' });
  expect(explanation.join(' ')).toMatch(/paused/i);
});

it('the demo has ten jobs: the first of the list has run, one is off, one paused, and one fails by its selector alone', () => {
  const all = [...BOOK_JOBS, ...MORE_JOBS];
  const ids = all.map(({ fields }) => fields.job_id).sort();
  expect(ids).toHaveLength(10);
  expect(all.filter(({ past }) => past?.isPaused)).toHaveLength(1);
  expect(all.find(({ fields }) => fields.job_id === ids[0])?.past?.runs).toBeGreaterThan(7);
  expect(all.filter(({ fields }) => fields.enabled === false)).toHaveLength(1);
  const { books, prices } = demoConfigs('http://127.0.0.1:9/');
  expect(MORE_JOBS[0]?.fields).toMatchObject({ job_id: FAILING_JOB, expect: { required_fields: ['price'] } });
  expect(books).toContain('price: .product_price .price_color');
  expect(prices).toContain('price: .product_price .price-now');
});
