import { statfsSync } from 'node:fs';

/** What a file system can still take. */
export interface FreeSpace {
  /** Bytes that a user without privileges may write; `null` when the system does not say. */
  bytes: number | null;
  /** Files that can be made; `null` when the system does not say or has no such limit. */
  files: number | null;
}

/** How much is free where a folder lies; never throws. */
export function freeSpace(folder: string): FreeSpace {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    // btrfs and others have no fixed number of files and say 0.
    return { bytes: bavail * bsize, files: files > 0 ? ffree : null };
  } catch {
    return { bytes: null, files: null };
  }
}
