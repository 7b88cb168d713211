import { lstatSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestRunner } from 'vitest';

const isWindows = process.platform === 'win32';

/**
 * What tests need of the system, whether this one has it, and why it is missed elsewhere. A test that needs it is
 * skipped there, by `it.skipIf(lacks(…))` or by a helper that calls {@link needs}; docs/how-to/platforms.md has the same list.
 */
const SYSTEM = {
  linux: [process.platform === 'linux', 'reads /proc, traces calls or counts what only Linux reports'],
  shell: [!isWindows, 'runs sh, or programs that every POSIX system has'],
  signals: [!isWindows, 'asks a process by a signal to end; on Windows each signal ends it at once'],
  modes: [!isWindows, 'needs file modes, which mean nothing on Windows'],
  links: [canLink(), 'needs symbolic links, which not every user of Windows may make'],
  openFiles: [!isWindows, 'replaces or removes a file that is open, which Windows refuses'],
  names: [!isWindows, 'needs names of files that Windows does not take'],
  terminal: [!isWindows, 'needs a terminal of POSIX'],
} as const;

type Need = keyof typeof SYSTEM;

/** Whether this system lacks something that a test needs. */
export function lacks(...wanted: readonly Need[]): boolean {
  return wanted.some((need) => !SYSTEM[need][0]);
}

/** Skips the test that runs, with the reason, where the system lacks something that a helper needs. */
export function needs(...wanted: readonly Need[]): void {
  const missing = wanted.find((need) => !SYSTEM[need][0]);
  if (missing === undefined) return;
  const reason = `${SYSTEM[missing][1]} (not on ${process.platform})`;
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`a test ${reason}: use describe.skipIf(lacks('${missing}'))`);
  test.context.skip(reason);
}

/** Tried, not guessed: on Windows it depends on the user's rights. */
function canLink(): boolean {
  if (!isWindows) return true;
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-links-'));
  try {
    symlinkSync(folder, join(folder, 'link'), 'dir');
    return lstatSync(join(folder, 'link')).isSymbolicLink();
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
