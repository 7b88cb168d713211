import { expect } from 'vitest';
import { deleteJob } from '../../../src/core/operations/edit-jobs.ts';
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
