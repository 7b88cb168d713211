import { statSync } from 'node:fs';

/**
 * Returns the identity of a home: its device and inode. A copy of a home has another identity; a home that was moved
 * on its disk has the same one. `undefined` when the folder does not exist.
 */
export function homeId(home: string): string | undefined {
  try {
    const { dev, ino } = statSync(home, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
