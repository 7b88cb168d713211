import { statfsSync } from 'node:fs';

/** The free space of a file system. */
export interface FreeSpace {
  /** Bytes that a user without privileges may write; `null` when unknown. */
  bytes: number | null;
  /** The number of files that can be created; `null` when unknown or unlimited. */
  files: number | null;
}

/** Returns the free space of the file system that contains a folder; never throws. */
export function freeSpace(folder: string): FreeSpace {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    // btrfs and others have no fixed number of files and report 0.
    return { bytes: bavail * bsize, files: files > 0 ? ffree : null };
  } catch {
    return { bytes: null, files: null };
  }
}
