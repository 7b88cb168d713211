import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endGroup, signalGroup } from '../../../src/core/process/group.ts';
import { identityOf } from '../../../src/core/process/identity.ts';

/** Starts a shell script in a group of its own and waits for the pids that it prints. */
async function group(script: string): Promise<{ leader: number; member: number }> {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  return { leader: child.pid ?? 0, member: Number(printed.toString()) };
}

describe('ending a process group', () => {
  it('ends the leader and its grandchildren', async () => {
    const { leader, member } = await group('(sleep 300 & echo $!; wait) ; wait');
    await endGroup(leader, 5_000);
    expect(identityOf(leader)).toBeUndefined();
    expect(identityOf(member)).toBeUndefined();
  });

  it('kills one that does not listen to SIGTERM, after the grace', async () => {
    const { leader } = await group('trap "" TERM; echo $$; while :; do sleep 1; done');
    await endGroup(leader, 200);
    await expect.poll(() => identityOf(leader)).toBeUndefined();
  });

  it('is content when the group is gone already', async () => {
    const { leader } = await group('echo $$');
    await expect.poll(() => signalGroup(leader, 0)).toBe(false);
    await endGroup(leader, 1_000);
  });
});
