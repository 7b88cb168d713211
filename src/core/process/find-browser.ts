import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { listFolder } from '../lib/list-folder.ts';

/** The environment variable for the browser; it overrides the setting `browser_path`. */
const BROWSER_VARIABLE = 'QUICKSCRAPE_BROWSER';

/** A browser, or the reason why none was found. */
export type FoundBrowser = { path: string } | { missing: string };

/** Program names, in the order of the search within a folder of the PATH. A headless shell has no windows. */
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'chromium-headless-shell',
  'chrome-headless-shell',
  'microsoft-edge',
];
const DEFAULT_PATHS: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  linux: ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium'],
};
const WINDOWS_PATHS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * Finds a Chromium: the configured one, else one in the PATH, in the system's usual places, or as Playwright installs
 * it.
 * @param named the setting `browser_path`
 */
export function findBrowser(
  named: string | null = null,
  env: Readonly<Record<string, string | undefined>> = process.env,
): FoundBrowser {
  const said = env[BROWSER_VARIABLE] || named || undefined;
  if (said !== undefined) {
    const where = env[BROWSER_VARIABLE] ? BROWSER_VARIABLE : 'the setting browser_path';
    return isProgram(said) ? { path: said } : { missing: `${where} names ${said}, which is not a program` };
  }
  const path = [...inPath(env), ...defaultPaths(env), ...installedByPlaywright(env)].find(isProgram);
  return path === undefined ? { missing: 'no Chromium was found' } : { path };
}

function inPath(env: Readonly<Record<string, string | undefined>>): string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
}

function defaultPaths(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  if (process.platform !== 'win32') return DEFAULT_PATHS[process.platform] ?? [];
  const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']];
  return folders.flatMap((folder) => (folder ? WINDOWS_PATHS.map((place) => join(folder, place)) : []));
}

function installedByPlaywright(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = process.platform === 'darwin' ? 'Library/Caches' : '.cache';
  const cache = env['PLAYWRIGHT_BROWSERS_PATH'] || join(homedir(), home, 'ms-playwright');
  return listFolder(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .flatMap((name) =>
      ['chrome-linux/chrome', 'chrome-linux64/chrome'].map((file) => join(cache, name, file)),
    );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Commands that install Chromium, by the names in os-release (`ID` and `ID_LIKE`). */
const COMMANDS: readonly (readonly [names: RegExp, command: string])[] = [
  [/\bubuntu\b/, 'sudo snap install chromium'],
  [/\bdebian\b/, 'sudo apt install chromium'],
  [/\b(?:fedora|rhel|centos)\b/, 'sudo dnf install chromium'],
  [/\barch\b/, 'sudo pacman -S chromium'],
  [/\balpine\b/, 'sudo apk add chromium'],
  [/\bsuse\b/, 'sudo zypper install chromium'],
];
const FALLBACK_COMMAND = 'npx playwright install chromium';

/** Returns the command that installs a Chromium on this machine. */
export function installCommand(platform: string = process.platform, osRelease = readOsRelease()): string {
  if (platform === 'darwin') return 'brew install --cask chromium';
  if (platform === 'win32') return 'winget install Google.Chrome';
  const names = [...osRelease.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].map(([, value]) => value).join(' ');
  return COMMANDS.find(([known]) => known.test(names))?.[1] ?? FALLBACK_COMMAND;
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
