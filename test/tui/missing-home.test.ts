import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROGRAM } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { TestTerminal } from './terminal.ts';

it('does not open on a home that is named and not there', async () => {
  const home = join(tempFolder(), 'typo');
  const terminal = new TestTerminal(process.execPath, [PROGRAM, '--home', home]);
  expect((await terminal.exited).exitCode).toBe(3);
  expect(terminal.raw).toContain(`there is no home at`);
  expect(existsSync(home)).toBe(false);
});

it('creates a newcomer’s default home, with a notice', async () => {
  const user = tempFolder();
  const terminal = new TestTerminal(process.execPath, [PROGRAM], {
    columns: 140,
    env: { HOME: user, QUICKSCRAPE_HOME: '' },
  });
  await terminal.waitFor(/Made the home .*\.quickscrape/);
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
});
