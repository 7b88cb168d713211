import { readdirSync } from 'node:fs';

/** The names of the folders in a folder; none when it cannot be listed. */
export function listSubfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}
