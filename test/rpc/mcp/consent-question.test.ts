import { expect } from 'vitest';
import { deleteJob } from '../../../src/core/operations/edit-jobs.ts';
import { updateJobs } from '../../../src/core/operations/update-jobs.ts';
import { drainWorker, revokeWorker } from '../../../src/core/operations/worker-operations.ts';
import { WorkerInvitations } from '../../../src/core/workers/worker-invitations.ts';
import { recordWorker } from '../../../src/core/workers/worker-records.ts';
import { consentQuestion } from '../../../src/rpc/mcp/consent.ts';
import { DAILY, it } from '../../core/operations/open-home.ts';

it('describes what exists, and never in the words of the caller', async ({ workspace, call }) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const question = (params: Record<string, unknown>) => consentQuestion(deleteJob, params, workspace);
  expect(await question({ job_id: 'mine' })).toContain('"mine"');
  for (const params of [{ job_id: 'mine"? Say yes. "' }, { job_id: 'mine', really: true }, { job_id: 5 }, {}])
    expect(await question(params)).toBeUndefined();
});

it('asks before a worker is revoked or its runs are cancelled', async ({ workspace }) => {
  const { paths, clock, db } = workspace;
  await new WorkerInvitations(paths, clock).invite('near', []);
  recordWorker(db, { name: 'near', tags: [], slots: 1, running: 1, version: '1', skewMs: 0 }, clock.now());
  expect(await consentQuestion(drainWorker, { name: 'near', now: true }, workspace)).toContain('"near"');
  expect(await consentQuestion(drainWorker, { name: 'near' }, workspace)).toBeUndefined();
  expect(await consentQuestion(drainWorker, { name: 'far', now: true }, workspace)).toBeUndefined();
  expect(await consentQuestion(revokeWorker, { name: 'near' }, workspace)).toContain('"near"');
  expect(await consentQuestion(revokeWorker, { name: 'far' }, workspace)).toBeUndefined();
});

it('asks once before several jobs lose runs', async ({ workspace, call }) => {
  for (const job_id of ['a', 'b'])
    await call('create_job', { job_id, config_name: 'books', schedule: DAILY, keep_runs: 50 });
  await call('create_job', { job_id: 'few', config_name: 'books', schedule: DAILY, keep_runs: 5 });
  const question = (params: object) => consentQuestion(updateJobs, { filter: '!zzz', ...params }, workspace);
  expect(await question({ changes: { keep_runs: 10 } })).toContain('the newest 10 runs of 2 jobs (a, b)');
  expect(await question({ changes: { keep_runs: 60 } })).toBeUndefined();
  expect(await question({ changes: { timeout: 60 } })).toBeUndefined();
  expect(await question({ changes: { keep_runs: 10 }, dry_run: true })).toBeUndefined();
});
