import { rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Puts a folder in the place of another. On Windows a virus scanner may still hold a new file for a moment. */
export async function replaceFolder(to, from) {
  await rm(to, { recursive: true, force: true, maxRetries: 10 });
  for (let wait = 50; ; wait *= 2) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(error.code) || wait > 2_000) throw error;
      await delay(wait);
    }
  }
}
