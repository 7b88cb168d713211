import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { browserPlaces, findBrowser, installCommand } from '../../../src/core/process/find-browser.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';

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

it.skipIf(lacks('modes'))(
  'accepts neither a folder nor a file that is not executable, and names the source of the path',
  ({ folder }) => {
    mkdirSync(join(folder, 'chromium'));
    const google = program(folder, 'google-chrome');
    expect(findBrowser(null, { PATH: folder })).toEqual({ path: google });
    const file = program(folder, 'text', 0o644);
    expect(findBrowser(file, {})).toEqual({
      missing: `the setting browser_path names ${file}, which is not a program`,
    });
  },
);

it.each([
  ['linux', 'ID=debian\n', 'sudo apt install chromium'],
  ['linux', 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', 'sudo snap install chromium'],
  ['linux', 'ID=rocky\nID_LIKE="rhel centos fedora"\n', 'sudo dnf install chromium'],
  ['linux', '', 'npx playwright install chromium'],
  ['darwin', '', 'brew install --cask chromium'],
])('the command that installs one on %s %j', (platform, release, command) => {
  expect(installCommand(platform, release, false)).toBe(command);
  // Root needs no sudo, which containers do not have.
  expect(installCommand(platform, release, true)).toBe(command.replace('sudo ', ''));
});

const noFolder = () => [];

it('on Windows a browser is an .exe, in the PATH under any spelling of it and where installers put it', () => {
  const env = {
    Path: 'C:\\tools',
    PROGRAMFILES: 'C:\\Program Files',
    LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local',
  };
  const places = browserPlaces(env, 'win32', 'C:\\Users\\me', (folder) =>
    folder === 'C:\\Users\\me\\AppData\\Local\\ms-playwright' ? ['chromium-1200', 'firefox-1'] : [],
  );
  expect(places[0]).toBe('C:\\tools\\chrome.exe');
  expect(places).toContain('C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe');
  expect(places).toContain('C:\\Users\\me\\AppData\\Local\\Microsoft\\Edge\\Application\\msedge.exe');
  expect(places.at(-1)).toBe(
    'C:\\Users\\me\\AppData\\Local\\ms-playwright\\chromium-1200\\chrome-win64\\chrome.exe',
  );
  expect(places.filter((place) => !place.endsWith('.exe'))).toEqual([]);
});

it('on macOS a browser is an application, also as Playwright installs it', () => {
  const places = browserPlaces({ PATH: '/opt/homebrew/bin' }, 'darwin', '/Users/me', (folder) =>
    folder === '/Users/me/Library/Caches/ms-playwright' ? ['chromium-1200'] : [],
  );
  expect(places[0]).toBe('/opt/homebrew/bin/chromium');
  expect(places).toContain('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
  expect(places).toContain(
    '/Users/me/Library/Caches/ms-playwright/chromium-1200/chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  );
});

it('a place that the user names for Playwright’s browsers is taken on each system', () => {
  for (const platform of ['linux', 'darwin', 'win32'])
    expect(
      browserPlaces({ PLAYWRIGHT_BROWSERS_PATH: '/browsers' }, platform, '/home/me', (folder) =>
        folder === '/browsers' ? ['chromium-1'] : [],
      ).filter((place) => /^[\\/]browsers/.test(place)),
    ).not.toEqual([]);
});

it('a system that is not known has the browsers of its PATH', () => {
  expect(browserPlaces({ PATH: '/bin' }, 'aix', '/home/me', noFolder)).toContain('/bin/chromium');
});
