import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { PROGRAM } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';

const WORKER = join(dirname(PROGRAM), 'worker.js');

it('a worker that starts after its home was removed does not bring it back', async () => {
  const home = join(tempFolder(), 'gone');
  const input = `${JSON.stringify({ runId: 'abcdefghij', token: 't' })}\n`;
  const { stderr, stdout } = await execa(process.execPath, [WORKER, '--home', home], { input });
  expect(stderr).toContain(`run abcdefghij: ${join(home, 'quickscrape.db')} is gone`);
  expect(stdout).toBe('');
  expect(existsSync(home)).toBe(false);
});
