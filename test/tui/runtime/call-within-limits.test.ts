import { expect, it } from 'vitest';
import type { EffectContext } from '../../../src/tui/runtime/effect-context.ts';
import { invokeWithinPolicy } from '../../../src/tui/runtime/run-call.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { homeWithJobs } from '../home-with-jobs.ts';

async function readOnlySurroundings(): Promise<EffectContext> {
  const workspace = openTempWorkspace({ home: await homeWithJobs(1), actor: 'tui' });
  // What a call needs of them.
  return { workspace, readOnly: true } as EffectContext;
}

it('with --read-only no operation is called that changes something', async () => {
  const surroundings = await readOnlySurroundings();
  await expect(invokeWithinPolicy(surroundings, 'delete_job', { job_id: 'job-0000' })).rejects.toMatchObject({
    code: 'not_allowed',
  });
  expect(surroundings.workspace.jobs.get('job-0000')?.kind).toBe('valid');
});

it('but reading and dry runs are allowed', async () => {
  const surroundings = await readOnlySurroundings();
  expect((await invokeWithinPolicy(surroundings, 'list_jobs', {})).total).toBe(1);
  const change = { job_id: 'job-0000', changes: { description: 'new' }, dry_run: true };
  expect((await invokeWithinPolicy(surroundings, 'update_job', change)).changed).toContain('description');
});
