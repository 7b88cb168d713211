import { readdirSync } from 'node:fs';
import { join } from 'node:path/posix';

/**
 * The TypeScript files in a folder and all folders in it, relative to the checkout. Folders that another test plants
 * meanwhile for the linter are left out: they may be gone before they are read.
 */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (/^(?:planted-|node_modules$)/.test(entry.name)) return [];
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
