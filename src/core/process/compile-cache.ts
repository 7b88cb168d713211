import { lstatSync, mkdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentUserId } from './platform.ts';

const WRITABLE_BY_OTHERS = 0o022;
const ACCESSIBLE_BY_OTHERS = 0o077;
/** In such a folder no user can rename or remove another user's files. */
const STICKY = 0o1000;

/**
 * Makes Node 22.8 and newer cache compiled code between starts, for everything imported after this. Node's default
 * folder is not used, because all users share it: the user who creates it first could insert code that then runs with
 * the rights of others. Without a private folder nothing is cached.
 */
export function enableCompileCache(): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  if (!enableCompileCache || process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return;
  const folder = compileCacheFolder(tmpdir());
  if (folder !== undefined) enableCompileCache(folder);
}

/** @returns a folder that only this user can write, created if necessary; `undefined` if that is not possible */
export function compileCacheFolder(tempFolder: string): string | undefined {
  // Windows has a temporary folder for each user, and no user ids.
  const userId = currentUserId();
  const folder = join(
    tempFolder,
    userId === undefined ? 'quickscrape-compiled' : `quickscrape-compiled-${userId}`,
  );
  try {
    const { uid, mode } = statSync(tempFolder);
    const isSafe = (mode & WRITABLE_BY_OTHERS) === 0 || (mode & STICKY) !== 0;
    if (userId !== undefined && !((uid === userId || uid === 0) && isSafe)) return undefined;
    // Not recursive: if the temporary folder does not exist, the code that needs it must report that.
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return undefined;
  }
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return undefined;
  return userId === undefined || (stats.uid === userId && (stats.mode & ACCESSIBLE_BY_OTHERS) === 0)
    ? folder
    : undefined;
}
