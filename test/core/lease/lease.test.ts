import { rmSync } from 'node:fs';
import { describe, expect, onTestFinished } from 'vitest';
import { acquireLease, findLeaseHolder, writeStopRequest } from '../../../src/core/lease/lease.ts';
import { SchedulerService } from '../../../src/core/scheduler/scheduler-service.ts';
import { it } from '../../extend.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

function opened(home: string) {
  const workspace = openTempWorkspace({ home });
  return workspace;
}

describe('the scheduler’s lease', () => {
  it('is held by one process at a time, and the next one learns by which', async ({ home }) => {
    const [first, second] = [opened(home), opened(home)];
    const lease = await acquireLease(first, '1', 4);
    const since = findLeaseHolder(first.db)?.since;
    await expect(acquireLease(second, '1', 4)).rejects.toMatchObject({
      code: 'scheduler_already_running',
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    expect(findLeaseHolder(second.db)?.since).toBe(since);
    lease.release();
    expect(findLeaseHolder(second.db)).toBeUndefined();
    const next = await acquireLease(second, '1', 4);
    next.release();
  });

  it('is lost with its file: the scheduler ends with a reason and is removed, as another one could start', async () => {
    const workspace = opened(tempFolder());
    const said: string[] = [];
    const service = new SchedulerService(workspace, { log: (_level, message) => said.push(message) });
    await service.start();
    onTestFinished(() => service.stop({ force: true }));
    rmSync(workspace.paths.locks, { recursive: true });
    await service.stopped;
    expect(service.isRunning).toBe(false);
    expect(service.loss).toMatchObject({ code: 'store_unavailable' });
    expect(said.join()).toMatch(/scheduler\.db, which holds .* was deleted or replaced/);
    expect(workspace.db.get('SELECT * FROM scheduler')).toBeUndefined();
  });

  it('that another one has taken meanwhile stays the other one’s', async () => {
    const workspace = opened(tempFolder());
    const lease = await acquireLease(workspace, '1', 4);
    workspace.db.run('UPDATE scheduler SET pid = pid + 1');
    lease.release();
    expect(workspace.db.get('SELECT pid FROM scheduler')).toEqual({ pid: process.pid + 1 });
  });

  it('keeps a forced stop while another process waits for a graceful one', async () => {
    const workspace = opened(tempFolder());
    const lease = await acquireLease(workspace, '1', 4);
    const asked = () => findLeaseHolder(workspace.db)?.stopRequested;
    expect(asked()).toBeNull();
    for (const [how, left] of [
      ['graceful', 'graceful'],
      ['force', 'force'],
      ['graceful', 'force'],
    ] as const) {
      expect(writeStopRequest(workspace.db, how)).toBe(true);
      expect(asked()).toBe(left);
    }
    lease.release();
    expect(writeStopRequest(workspace.db, 'force')).toBe(false);
    const next = await acquireLease(workspace, '1', 4);
    expect(asked()).toBeNull();
    next.release();
  });

  it('of one home says nothing of another', async () => {
    const leases = await Promise.all([0, 1].map(() => acquireLease(opened(tempFolder()), '1', 4)));
    for (const lease of leases) lease.release();
  });
});
