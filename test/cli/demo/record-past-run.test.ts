import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  BOOK_JOBS,
  demoConfigs,
  FAILING_JOB,
  MORE_JOBS,
  pastRuns,
  recordPastRun,
  setJobStateFromRuns,
} from '../../../src/cli/demo/demo-jobs.ts';
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

it('the demo has five jobs: the first of the list has run, one is off, and one fails by its selector alone', () => {
  const all = [...BOOK_JOBS, ...MORE_JOBS];
  const ids = all.map(({ fields }) => fields.job_id).sort();
  expect(ids).toHaveLength(5);
  expect(all.find(({ fields }) => fields.job_id === ids[0])?.past?.runs).toBeGreaterThan(7);
  expect(all.filter(({ fields }) => fields.enabled === false)).toHaveLength(1);
  const { books, prices } = demoConfigs('http://127.0.0.1:9/');
  expect(MORE_JOBS[0]?.fields).toMatchObject({ job_id: FAILING_JOB, expect: { required_fields: ['price'] } });
  expect(books).toContain('price: .product_price .price_color');
  expect(prices).toContain('price: .product_price .price-now');
});
