import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startDetached } from '../../../src/core/process/detached-process.ts';
import { findProcessIdentity } from '../../../src/core/process/identity.ts';
import { PROCESS_TREE_VARIABLE } from '../../../src/core/process/process-tree.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';

/** How a program of one line ended, and what it wrote. */
async function ran(line: string, cwd = tempFolder()): Promise<{ how: string; log: string }> {
  const file = join(tempFolder(), 'log');
  const log = openSync(file, 'a');
  const end = startDetached(['-e', line], cwd, log, 'a-tree');
  closeSync(log);
  return { how: await end, log: readFileSync(file, 'utf8') };
}

it.skipIf(lacks('shell'))(
  'starts a program in a group of its own, with its mark, which writes to the log that was open',
  async () => {
    const print = `console.log(process.env.${PROCESS_TREE_VARIABLE}, process.cwd()); require('child_process').execFileSync('ps', ['-o', 'pgid=', '-p', process.pid], { stdio: [0, 1, 2] }); console.error(process.pid)`;
    const cwd = tempFolder();
    const { how, log } = await ran(print, cwd);
    expect(how).toBe('it ended with exit code 0');
    const [first, group, pid] = log.trim().split(/\s*\n\s*/);
    expect(first).toBe(`a-tree ${cwd}`);
    expect(group).toBe(pid);
    expect(findProcessIdentity(Number(pid))).toBeUndefined();
  },
);

it.each([
  ['process.exit(3)', 'it ended with exit code 3'],
  ["process.kill(process.pid, 'SIGKILL')", 'it was ended by SIGKILL'],
])('says of %s: %s', async (line, how) => {
  expect((await ran(line)).how).toBe(how);
});

it('says why a program could not be started', async () => {
  expect((await ran('', join(tempFolder(), 'gone'))).how).toMatch(/ENOENT/);
});
