import { fchmodSync, fstatSync, statSync } from 'node:fs';

const PRIVATE = 0o600;
const OTHERS = 0o077;

/** Whether files have permission bits that mean something. On Windows they follow from the read-only attribute alone. */
export function hasFileModes(platform: string = process.platform): boolean {
  return platform !== 'win32';
}

/** Returns the permission bits of a file; `undefined` where it is missing, or files have none (Windows). */
export function permissionBits(path: string, platform: string = process.platform): number | undefined {
  if (!hasFileModes(platform)) return undefined;
  try {
    return statSync(path).mode & 0o777;
  } catch {
    return undefined;
  }
}

/** Returns the mode of a file that other users can read or write, such as `0644`; `undefined` for a private one. */
export function openMode(path: string, platform: string = process.platform): string | undefined {
  const mode = permissionBits(path, platform);
  return mode === undefined || (mode & OTHERS) === 0 ? undefined : mode.toString(8).padStart(4, '0');
}

/** Gives an open file the mode 0600, whatever it had. */
export function makePrivate(fd: number): void {
  if (hasFileModes() && (fstatSync(fd).mode & 0o777) !== PRIVATE) fchmodSync(fd, PRIVATE);
}
