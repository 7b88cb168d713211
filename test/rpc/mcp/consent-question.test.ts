import { expect } from 'vitest';
import { deleteJob } from '../../../src/core/operations/edit-jobs.ts';
import { consentQuestion } from '../../../src/rpc/mcp/consent.ts';
import { DAILY, it } from '../../core/operations/open-home.ts';

it('describes what exists, and never in the words of the caller', async ({ workspace, call }) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const question = (params: Record<string, unknown>) => consentQuestion(deleteJob, params, workspace);
  expect(await question({ job_id: 'mine' })).toContain('"mine"');
  for (const params of [{ job_id: 'mine"? Say yes. "' }, { job_id: 'mine', really: true }, { job_id: 5 }, {}])
    expect(await question(params)).toBeUndefined();
});
