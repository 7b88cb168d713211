import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { lacks } from './platform.ts';

/** A folder of the test's own, removed when the test ends. Whatever is left behind bears the name of its test file. */
export function tempFolder(base = tmpdir()): string {
  const owner = basename(expect.getState().testPath ?? '').replace('.test.ts', '');
  const folder = mkdtempSync(join(base, `quickscrape-test-${owner}-`));
  // A worker that the test did not wait for may still be writing its last lines.
  onTestFinished(() =>
    rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }).catch(ignoreHeldFile),
  );
  return folder;
}

/** Removes a folder of a test at once. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    ignoreHeldFile(error);
  }
}

/** On Windows a closed database stays open until its statements are collected, and its folder stays as long. */
function ignoreHeldFile(error: unknown): void {
  if (!lacks('openFiles')) throw error;
}

const MEMORY = '/dev/shm';

/** The same in memory, where there is such a disk: for tests of what is decided, not of what a disk does. */
export function tempFolderInMemory(): string {
  return tempFolder(existsSync(MEMORY) ? MEMORY : tmpdir());
}
