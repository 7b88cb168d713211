import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { sleepSync } from '../process/sleep-sync.ts';

/** A home with thousands of files is removed within this time, in milliseconds. */
const MAX_WAIT_MS = 1_000;
const POLL_MS = 20;

/**
 * Waits a moment while something of an open home is missing and the folder above it is there: the home may be in the
 * midst of being removed, and what is made anew in it would keep it from going. Blocks, at most a second.
 */
export function waitForRemoval(missing: string): void {
  const end = performance.now() + MAX_WAIT_MS;
  while (performance.now() < end && !existsSync(missing) && existsSync(dirname(missing))) sleepSync(POLL_MS);
}
