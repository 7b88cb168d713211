import { readdirSync } from 'node:fs';

/** Returns the names in a folder; an empty list when it cannot be listed. */
export function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Returns the names of the subfolders of a folder; an empty list when it cannot be listed. */
export function listSubfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}
