import { chmodSync, copyFileSync, lstatSync, renameSync, truncateSync } from 'node:fs';

const LARGEST_LOG = 5 << 20;
const KEEP = 3;

/**
 * Begins the scheduler's log anew when it has grown too large; `.1`, `.2` and `.3` are the ones before. The scheduler
 * writes to a descriptor that it inherited, so the file is copied and emptied, not renamed. What is written in the
 * instant between is lost. It is its owner's only. Does nothing when the disk refuses.
 * @returns whether it did
 */
export function rotateLog(file: string, largest = LARGEST_LOG): boolean {
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) return false;
    // A service manager that makes it knows nothing of our modes.
    if ((stats.mode & 0o777) !== 0o600) chmodSync(file, 0o600);
    if (stats.size <= largest) return false;
    for (let n = KEEP - 1; n >= 1; n -= 1) {
      if (lstatSync(`${file}.${n}`, { throwIfNoEntry: false }))
        renameSync(`${file}.${n}`, `${file}.${n + 1}`);
    }
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
    return true;
  } catch {
    return false;
  }
}
