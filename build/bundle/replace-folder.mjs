import { rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Puts a folder in the place of another. The old one is moved aside first and removed last: programs may be started
 * from it meanwhile, and its removal takes up to a second. If the new one cannot be put there, the old one stays.
 */
export async function replaceFolder(to, from) {
  const aside = `${to}.${process.pid}.old.tmp`;
  const wasThere = await moveIfThere(to, aside);
  try {
    await move(from, to);
  } catch (error) {
    if (wasThere) await move(aside, to);
    throw error;
  }
  await rm(aside, { recursive: true, force: true, maxRetries: 10 });
}

async function moveIfThere(from, to) {
  try {
    await move(from, to);
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** On Windows a virus scanner may still hold a new file for a moment. */
async function move(from, to) {
  for (let wait = 50; ; wait *= 2) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(error.code) || wait > 2_000) throw error;
      await delay(wait);
    }
  }
}
