import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { PROGRAM } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';

const RUN_PROGRAM = join(dirname(PROGRAM), 'run.js');

it('a run process that starts after its home was removed does not bring it back', async () => {
  const home = join(tempFolder(), 'gone');
  const args = ['--home', home, '--run', 'abcdefghij', '--token', 't'];
  const { stdout } = await promisify(execFile)(process.execPath, [RUN_PROGRAM, ...args]);
  expect(stdout).toContain(`run abcdefghij: ${join(home, 'quickscrape.db')} is gone`);
  expect(existsSync(home)).toBe(false);
});
