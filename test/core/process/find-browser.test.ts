import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { findBrowser, installCommand } from '../../../src/core/process/find-browser.ts';
import { it } from '../../extend.ts';

function program(folder: string, name: string, mode = 0o755): string {
  const file = join(folder, name);
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, mode);
  return file;
}

it('takes the variable before the setting, and that before the PATH', ({ folder }) => {
  const [one, two, three] = ['one', 'two', 'chromium'].map((name) => program(folder, name));
  const env = { PATH: folder };
  expect(findBrowser(two, { ...env, QUICKSCRAPE_BROWSER: one })).toEqual({ path: one });
  expect(findBrowser(two, env)).toEqual({ path: two });
  expect(findBrowser(null, env)).toEqual({ path: three });
});

it('accepts neither a folder nor a file that is not executable, and names the source of the path', ({
  folder,
}) => {
  mkdirSync(join(folder, 'chromium'));
  const google = program(folder, 'google-chrome');
  expect(findBrowser(null, { PATH: folder })).toEqual({ path: google });
  const file = program(folder, 'text', 0o644);
  expect(findBrowser(file, {})).toEqual({
    missing: `the setting browser_path names ${file}, which is not a program`,
  });
});

it.each([
  ['linux', 'ID=debian\n', 'sudo apt install chromium'],
  ['linux', 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', 'sudo snap install chromium'],
  ['linux', 'ID=rocky\nID_LIKE="rhel centos fedora"\n', 'sudo dnf install chromium'],
  ['linux', '', 'npx playwright install chromium'],
  ['darwin', '', 'brew install --cask chromium'],
])('the command that installs one on %s %j', (platform, release, command) => {
  expect(installCommand(platform, release)).toBe(command);
});
