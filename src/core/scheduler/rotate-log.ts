import { chmodSync, copyFileSync, lstatSync, renameSync, rmSync, truncateSync } from 'node:fs';

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
    const isLarge = stats.size > largest;
    // An earlier rotation may have ended half-way. When the log is still large it was not emptied, and is copied again.
    if (!isLarge && !isThere(copyOf(file))) return false;
    if (isLarge) copyAndEmpty(file);
    moveUp(file);
    return true;
  } catch {
    return false;
  }
}

/** On a full disk the copy fails, and what is there stays as it is. */
function copyAndEmpty(file: string): void {
  const copy = copyOf(file);
  try {
    rmSync(copy, { force: true });
    copyFileSync(file, copy);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
  truncateSync(file);
}

function moveUp(file: string): void {
  const names = [copyOf(file), ...Array.from({ length: KEEP }, (_, at) => `${file}.${at + 1}`)];
  // From a gap on nobody has to move: there is none, or an earlier rotation has got that far.
  const gap = names.findIndex((name) => !isThere(name));
  for (let at = gap < 0 ? KEEP : gap; at >= 1; at -= 1) renameSync(names[at - 1] ?? '', names[at] ?? '');
}

function copyOf(file: string): string {
  return `${file}.new`;
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
