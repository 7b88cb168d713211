import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { sleepSync } from '../process/sleep-sync.ts';

/** The removal of a home with thousands of files takes at most this time, in milliseconds. */
const MAX_WAIT_MS = 1_000;
const POLL_MS = 20;

/**
 * Waits while a part of an open home is missing and its parent folder still exists. The home may be in the process of
 * being removed, and new files in it would prevent that. Blocks for at most a second.
 */
export function waitForRemoval(missing: string): void {
  const end = performance.now() + MAX_WAIT_MS;
  while (performance.now() < end && !existsSync(missing) && existsSync(dirname(missing))) sleepSync(POLL_MS);
}
