import { chmodSync, copyFileSync, lstatSync, renameSync, rmSync, truncateSync } from 'node:fs';

const MAX_LOG_BYTES = 5 << 20;
const MAX_ROTATED_FILES = 3;

/**
 * Rotates the scheduler's log when it has grown too large; `.1`, `.2` and `.3` are the older logs. The scheduler writes
 * to an inherited descriptor, so the file is copied and truncated, not renamed. Lines written between the two steps are
 * lost. Also restricts the log to its owner. Does nothing when a file operation fails.
 * @returns whether it rotated the log
 */
export function rotateLog(file: string, maxBytes = MAX_LOG_BYTES): boolean {
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) return false;
    // A service manager that creates the log does not apply this program's file modes.
    if ((stats.mode & 0o777) !== 0o600) chmodSync(file, 0o600);
    const isLarge = stats.size > maxBytes;
    // An earlier rotation may have been interrupted. A log that is still large was not truncated, and is copied again.
    if (!isLarge && !fileExists(copyPath(file))) return false;
    if (isLarge) copyAndTruncate(file);
    shiftRotatedFiles(file);
    return true;
  } catch {
    return false;
  }
}

/** On a full disk the copy fails, and the log stays unchanged. */
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
  // No file after a gap has to move: either there is none, or an earlier rotation has already moved it.
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
