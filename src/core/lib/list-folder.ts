import { readdirSync } from 'node:fs';

/** Returns the names in a folder; an empty list when it cannot be listed. */
export function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
