import { describe, expect, it, onTestFinished } from 'vitest';
import { schedulerHolder } from '../../../src/core/scheduler/holder.ts';
import { takeLease } from '../../../src/core/scheduler/lease.ts';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { tempFolder } from '../../temp-folder.ts';

function opened(home: string) {
  const workspace = openWorkspace({ home, actor: 'library' });
  onTestFinished(() => workspace.close());
  return workspace;
}

describe('the scheduler’s lease', () => {
  it('is held by one at a time, and the next one is told by whom', async () => {
    const home = tempFolder();
    const [first, second] = [opened(home), opened(home)];
    const lease = await takeLease(first, '1', 4);
    const since = schedulerHolder(first.db)?.since;
    await expect(takeLease(second, '1', 4)).rejects.toMatchObject({
      code: 'scheduler_already_running',
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    expect(schedulerHolder(second.db)?.since).toBe(since);
    lease.release();
    expect(schedulerHolder(second.db)).toBeUndefined();
    const next = await takeLease(second, '1', 4);
    next.release();
  });

  it('of one home says nothing of another', async () => {
    const leases = await Promise.all([0, 1].map(() => takeLease(opened(tempFolder()), '1', 4)));
    for (const lease of leases) lease.release();
  });
});
