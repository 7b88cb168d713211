import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { listFolder } from '../lib/list-folder.ts';
import { isProgram, searchPath } from './find-program.ts';

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
/** As they are called on Windows; installers do not put them into the PATH, but a user may. */
const WINDOWS_NAMES = ['chrome.exe', 'chromium.exe', 'msedge.exe', 'chrome-headless-shell.exe'];
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
/** Where the program lies in a folder of Playwright's, in its newer and older releases. */
const PLAYWRIGHT_PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['chrome-mac', 'chrome-mac-arm64', 'chrome-mac-x64'].flatMap((folder) => [
    `${folder}/Chromium.app/Contents/MacOS/Chromium`,
    `${folder}/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing`,
  ]),
  win32: ['chrome-win\\chrome.exe', 'chrome-win64\\chrome.exe'],
  linux: ['chrome-linux/chrome', 'chrome-linux64/chrome'],
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds a Chromium: the configured one, else one in the PATH, in the system's usual places, or as Playwright installs
 * it.
 * @param named the setting `browser_path`
 */
export function findBrowser(named: string | null = null, env: Environment = process.env): FoundBrowser {
  const said = env[BROWSER_VARIABLE] || named || undefined;
  if (said !== undefined) {
    const where = env[BROWSER_VARIABLE] ? BROWSER_VARIABLE : 'the setting browser_path';
    return isProgram(said) ? { path: said } : { missing: `${where} names ${said}, which is not a program` };
  }
  const path = browserPlaces(env).find(isProgram);
  return path === undefined ? { missing: 'no Chromium was found' } : { path };
}

/** Returns all files that may be a browser on this system, in the order in which they are tried. */
export function browserPlaces(
  env: Environment,
  platform: string = process.platform,
  home = homedir(),
  list: (folder: string) => readonly string[] = listFolder,
): string[] {
  const { delimiter, join } = platform === 'win32' ? win32 : posix;
  const folders = searchPath(env)
    .split(delimiter)
    .filter((folder) => folder !== '');
  const names = platform === 'win32' ? WINDOWS_NAMES : NAMES;
  const inPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const programFolders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']];
  const usual =
    platform === 'win32'
      ? programFolders.flatMap((folder) => (folder ? WINDOWS_PATHS.map((place) => join(folder, place)) : []))
      : (DEFAULT_PATHS[platform] ?? []);
  const cache = env['PLAYWRIGHT_BROWSERS_PATH'] || join(cacheFolder(env, platform, home), 'ms-playwright');
  const ofPlaywright = list(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .flatMap((name) => (PLAYWRIGHT_PROGRAMS[platform] ?? []).map((file) => join(cache, name, file)));
  return [...inPath, ...usual, ...ofPlaywright];
}

/** The folder in which Playwright keeps its browsers. */
function cacheFolder(env: Environment, platform: string, home: string): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local');
  return posix.join(home, platform === 'darwin' ? 'Library/Caches' : '.cache');
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
export function installCommand(
  platform: string = process.platform,
  osRelease = readOsRelease(),
  isRoot = process.getuid?.() === 0,
): string {
  if (platform === 'darwin') return 'brew install --cask chromium';
  if (platform === 'win32') return 'winget install Google.Chrome';
  const names = [...osRelease.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].map(([, value]) => value).join(' ');
  const command = COMMANDS.find(([known]) => known.test(names))?.[1] ?? FALLBACK_COMMAND;
  // Containers have no sudo.
  return isRoot ? command.replace(/^sudo /, '') : command;
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
