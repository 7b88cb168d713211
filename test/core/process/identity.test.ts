import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { currentProcessIdentity, findProcessIdentity, isAlive } from '../../../src/core/process/identity.ts';
import { lacks } from '../../platform.ts';
import { HANG_MS } from '../../wait-for.ts';

describe('the identity of a process', () => {
  it('is alive while the process lives and dead afterwards', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(child, 'spawn');
    const identity = findProcessIdentity(child.pid ?? 0);
    expect(identity).toBeDefined();
    if (!identity) return;
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
    expect(findProcessIdentity(identity.pid)).toBeUndefined();
  });

  it('is not that of another process which got the same pid later, or in another boot', () => {
    const me = currentProcessIdentity();
    expect(isAlive(me)).toBe(true);
    expect(isAlive({ ...me, start: `${me.start}9` })).toBe(false);
    expect(isAlive({ ...me, bootId: 'another boot' })).toBe(false);
  });

  it.skipIf(lacks('shell'))('is dead when the process is a zombie', async () => {
    // The shell starts a child, then becomes a program that never collects it, and only then the child ends.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    const state = () => execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    await expect.poll(state, { timeout: HANG_MS }).toMatch(/^Z/);
    expect(findProcessIdentity(pid)).toBeUndefined();
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });
});
