import { chmodSync, copyFileSync, lstatSync, renameSync, rmSync, truncateSync } from 'node:fs';

const MAX_LOG_BYTES = 5 << 20;
const MAX_ROTATED_FILES = 3;

/**
 * Begins the scheduler's log anew when it has grown too large; `.1`, `.2` and `.3` are the ones before. The scheduler
 * writes to a descriptor that it inherited, so the file is copied and emptied, not renamed. What is written in the
 * instant between is lost. It is its owner's only. Does nothing when the disk refuses.
 * @returns whether it did
 */
export function rotateLog(file: string, maxBytes = MAX_LOG_BYTES): boolean {
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) return false;
    // A service manager that makes it knows nothing of our modes.
    if ((stats.mode & 0o777) !== 0o600) chmodSync(file, 0o600);
    const isLarge = stats.size > maxBytes;
    // An earlier rotation may have ended half-way. When the log is still large it was not emptied, and is copied again.
    if (!isLarge && !fileExists(copyPath(file))) return false;
    if (isLarge) copyAndTruncate(file);
    shiftRotatedFiles(file);
    return true;
  } catch {
    return false;
  }
}

/** On a full disk the copy fails, and what is there stays as it is. */
function copyAndTruncate(file: string): void {
  const copy = copyPath(file);
  try {
    rmSync(copy, { force: true });
    copyFileSync(file, copy);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
  truncateSync(file);
}

function shiftRotatedFiles(file: string): void {
  const names = [
    copyPath(file),
    ...Array.from({ length: MAX_ROTATED_FILES }, (_, at) => `${file}.${at + 1}`),
  ];
  // From a gap on nobody has to move: there is none, or an earlier rotation has got that far.
  const gap = names.findIndex((name) => !fileExists(name));
  for (let at = gap < 0 ? MAX_ROTATED_FILES : gap; at >= 1; at -= 1)
    renameSync(names[at - 1] ?? '', names[at] ?? '');
}

function copyPath(file: string): string {
  return `${file}.new`;
}

function fileExists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
