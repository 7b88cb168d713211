import fs from 'node:fs';

/** What the suite takes from fs, and what Node 20 lacks. */
export const { existsSync, mkdtempSync, promises, readFileSync } = fs;

export function globSync() {
  throw new Error('Node 20 has no fs.globSync');
}
