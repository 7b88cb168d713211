import { statSync } from 'node:fs';

/**
 * Whether a file is there. Not `existsSync`, which says no to a disk's error as well: whoever believes it may overwrite
 * what is there.
 * @throws what the system says when it cannot tell
 */
export function fileExists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
