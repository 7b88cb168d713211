import { statSync } from 'node:fs';

/**
 * Which folder a home is, whatever it is called: its device and inode. A copy is another folder; a home that was moved on
 * its disk is the same one. `undefined` when there is none.
 */
export function homeId(home: string): string | undefined {
  try {
    const { dev, ino } = statSync(home, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
