import { expect, it } from 'vitest';
import { hasCapacity, requestRun } from '../../../src/core/execution/request-run.ts';
import type { Actor } from '../../../src/core/model/definition.ts';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { markStarting } from '../../../src/core/runs/run-starts.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

/** A home without a scheduler, in which as many runs are under way as a scheduler would start. */
async function crowded(actor: Actor): Promise<Workspace> {
  const workspace = openTempWorkspace({ actor });
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' } as const;
  await workspace.jobs.create(
    { id: 'mine', fields: { config_name: 'shop', schedule, overlap: 'allow' } },
    actor,
  );
  await workspace.settings.set('max_concurrent_runs', 2);
  for (const jobId of ['mine', 'other']) {
    const run = enqueueRun(
      workspace.db,
      {
        ...{ jobId, configName: 'shop', trigger: 'manual', scheduledFor: null, timezone: 'UTC' },
        ...{ status: 'queued', maxAttempts: 1, priority: 0, overlap: 'allow', requestedBy: actor },
      },
      workspace.clock.now(),
    );
    markStarting(workspace.db, run?.runId ?? '', 'token', workspace.clock.now() + 60_000);
  }
  return workspace;
}

it.each(['mcp', 'rpc'] as const)(
  'starts no more runs for clients of %s than a scheduler would',
  async (face) => {
    const workspace = await crowded(face);
    await expect(requestRun(workspace, 'mine')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('max_concurrent_runs is 2'),
      hint: expect.stringContaining('scheduler start --daemon'),
    });
    expect(workspace.runs.list({ limit: 10 }).total).toBe(2);
  },
);

it('lets a person start as many as they like', async () => {
  expect(hasCapacity(await crowded('cli'))).toBe(true);
});
