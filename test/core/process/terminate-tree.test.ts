import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  childProcessIdentity,
  findProcessIdentity,
  type ProcessIdentity,
} from '../../../src/core/process/identity.ts';
import {
  killTree,
  NO_PROCESS_TREE,
  PROCESS_TREE_VARIABLE,
  type ProcessTree,
  terminateTree,
} from '../../../src/core/process/process-tree.ts';
import { lacks, needs } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

/** A shell script in a group of its own, marked; `pid(NAME)` waits for what it writes into the file of that name. */
function start(script: string) {
  needs('shell');
  const cwd = tempFolder();
  const mark = `test/${randomUUID()}`;
  const env = { ...process.env, [PROCESS_TREE_VARIABLE]: mark };
  const child: ChildProcess = spawn('sh', ['-c', script], { cwd, env, detached: true, stdio: 'ignore' });
  const leader = childProcessIdentity(child.pid ?? 0);
  const tree: ProcessTree = { leaders: [leader], mark };
  onTestFinished(() => killTree(tree));
  const pid = (name: string) =>
    waitFor(`the pid of ${name}`, () => {
      const file = join(cwd, name);
      return existsSync(file) && Number(readFileSync(file, 'utf8')) > 0 && Number(readFileSync(file, 'utf8'));
    });
  const identity = async (name: string): Promise<ProcessIdentity> => {
    const found = findProcessIdentity(await pid(name));
    if (!found) throw new Error(`${name} does not run`);
    return found;
  };
  return { child, cwd, tree, leader, identity };
}

const programOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'latin1');
const lives = ({ pid, start: since }: ProcessIdentity) => findProcessIdentity(pid)?.start === since;

describe('ending a process tree', () => {
  it('ends the leader and its grandchildren', async () => {
    const { tree, leader, identity } = start('(sleep 300 & echo $! > grandchild; wait) & wait');
    const grandchild = await identity('grandchild');
    await terminateTree(tree, 20_000);
    expect([leader, grandchild].filter(lives)).toEqual([]);
  });

  it('kills those that do not listen to SIGTERM, after the grace', async () => {
    const { tree, leader, identity } = start('trap "" TERM; sleep 300 & echo $! > ready; wait');
    const grandchild = await identity('ready');
    await terminateTree(tree, 200);
    await expect.poll(() => [leader, grandchild].filter(lives)).toEqual([]);
  });

  it('asks each process once to end: to many programs a second SIGTERM means at once', async () => {
    const { tree, cwd, identity } = start(
      `trap 'echo term >> heard' TERM; echo $$ > ready; while [ ! -f end ]; do sleep 0.05; [ -f heard ] && n=$((n+1)) && [ $n -gt 8 ] && exit; done`,
    );
    await identity('ready');
    await terminateTree(tree, 20_000);
    expect(readFileSync(join(cwd, 'heard'), 'utf8')).toBe('term\n');
  });

  it('wakes a stopped process, so that it can end by itself', async () => {
    const { tree, leader, cwd, identity } = start(
      `trap 'echo bye > farewell; exit' TERM; echo $$ > ready; while :; do sleep 0.05; done`,
    );
    await identity('ready');
    process.kill(leader.pid, 'SIGSTOP');
    await terminateTree(tree, 20_000);
    expect(lives(leader)).toBe(false);
    expect(existsSync(join(cwd, 'farewell'))).toBe(true);
  });

  it.skipIf(lacks('linux'))('finds one with a session of its own whose parents are gone', async () => {
    const { tree, child, identity } = start('setsid sh -c "sleep 300 & echo \\$! > hidden" & wait');
    const hidden = await identity('hidden');
    if (child.exitCode === null) await once(child, 'exit');
    await terminateTree(tree, 20_000);
    expect(lives(hidden)).toBe(false);
  });

  it.skipIf(lacks('linux'))('finds a child that cleared its environment and left the group', async () => {
    const { tree, identity } = start('env -i setsid sleep 300 & echo $! > ready; wait');
    const cleared = await identity('ready');
    await terminateTree(tree, 20_000);
    expect(lives(cleared)).toBe(false);
  });

  it.skipIf(lacks('linux'))('finds what a dead leader left in its group and outside of it', async () => {
    const { tree, child, leader, identity } = start(
      'sleep 300 & echo $! > inside; setsid sleep 300 & echo $! > outside; wait',
    );
    const left = [await identity('inside'), await identity('outside')];
    process.kill(leader.pid, 'SIGKILL');
    await once(child, 'exit');
    killTree(tree);
    await expect.poll(() => left.filter(lives)).toEqual([]);
  });

  it.skipIf(lacks('linux'))('ends processes that are started while it ends the others', async () => {
    const { tree, identity } = start(
      `trap 'setsid sleep 300 & echo $! > late; exit' TERM; echo $$ > ready; while :; do sleep 0.05; done`,
    );
    await identity('ready');
    await terminateTree(tree, 20_000);
    await expect(identity('late')).rejects.toThrow('does not run');
  });

  it.skipIf(lacks('linux'))('spares what one of them started as a tree of its own', async () => {
    const { tree, identity } = start(
      `${PROCESS_TREE_VARIABLE}=${NO_PROCESS_TREE} setsid sleep 300 & echo $! > other; sleep 300 & echo $! > ready; wait`,
    );
    const [other, own] = [await identity('other'), await identity('ready')];
    onTestFinished(() => void process.kill(other.pid, 'SIGKILL'));
    // Until then it is still a copy of the shell, with the shell's mark and in its group.
    await waitFor('it to be a program of its own', () => programOf(other.pid).startsWith('sleep'));
    await terminateTree(tree, 20_000);
    expect([lives(other), lives(own)]).toEqual([true, false]);
  });

  it('does not kill a remaining pid that belongs to another process by now', async () => {
    const { tree, leader, identity } = start('trap "" TERM; echo $$ > ready; while :; do sleep 0.05; done');
    await identity('ready');
    await terminateTree(tree, 100, () => false);
    expect(lives(leader)).toBe(true);
  });

  it('does nothing to a process that got the pid later, nor in another boot', async () => {
    const { leader, identity } = start('echo $$ > ready; sleep 300');
    await identity('ready');
    await terminateTree({ leaders: [{ ...leader, start: 'earlier' }], mark: 'test/nobody' }, 20_000);
    await terminateTree({ leaders: [{ ...leader, bootId: 'another' }], mark: 'test/nobody' }, 20_000);
    expect(lives(leader)).toBe(true);
  });

  it.skipIf(lacks('linux'))('does not wait for a zombie', async () => {
    // The shell becomes a program that never collects its child, which led a group of its own.
    const { cwd, leader, identity } = start(
      'setsid sh -c "echo \\$\\$ > zombie; until [ -f end ]; do sleep 0.05; done" & exec sleep 300',
    );
    const { pid } = await identity('zombie');
    // While it is still the shell it collects a child that ends.
    await waitFor('the shell to be another program', () => programOf(leader.pid).startsWith('sleep'));
    writeFileSync(join(cwd, 'end'), '');
    await waitFor('the child to be a zombie', () => findProcessIdentity(pid) === undefined);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    // For ever, if it waited.
    await terminateTree({ leaders: [{ ...leader, pid }], mark: 'test/nobody' }, 2 ** 31 - 1);
  });
});
