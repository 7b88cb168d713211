import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of the test's own, removed when the test ends. */
export function tempFolder(base = tmpdir()): string {
  const folder = mkdtempSync(join(base, 'quickscrape-test-'));
  // A run process that the test did not wait for may still be writing its last lines.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  return folder;
}

const MEMORY = '/dev/shm';

/** The same in memory, where there is such a disk: for tests of what is decided, not of what a disk does. */
export function tempFolderInMemory(): string {
  return tempFolder(existsSync(MEMORY) ? MEMORY : tmpdir());
}
