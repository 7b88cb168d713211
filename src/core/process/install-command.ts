import { readFileSync } from 'node:fs';

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
