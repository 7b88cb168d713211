import { lstatSync, mkdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WRITABLE_BY_OTHERS = 0o022;
const ACCESSIBLE_BY_OTHERS = 0o077;
/** In such a folder nobody can rename or remove what is another's. */
const STICKY = 0o1000;

/**
 * Has Node 22.8 and newer keep compiled code from one start to the next, for what is imported from here on. Not in the
 * folder that Node would take: it is one for all users, and who makes it first can put there what is carried out, in
 * place of this program, with the rights of another. Without a folder of our own nothing is kept.
 */
export function enableCompileCache(): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  if (!enableCompileCache || process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return;
  const folder = compileCacheFolder(tmpdir());
  if (folder !== undefined) enableCompileCache(folder);
}

/** @returns a folder that nobody else can write, made where there is none; `undefined` when it cannot be had */
export function compileCacheFolder(tempFolder: string): string | undefined {
  // Windows has a temporary folder for each user, and knows no such numbers.
  const userId = process.geteuid?.();
  const folder = join(
    tempFolder,
    userId === undefined ? 'quickscrape-compiled' : `quickscrape-compiled-${userId}`,
  );
  try {
    const { uid, mode } = statSync(tempFolder);
    const isSafe = (mode & WRITABLE_BY_OTHERS) === 0 || (mode & STICKY) !== 0;
    if (userId !== undefined && !((uid === userId || uid === 0) && isSafe)) return undefined;
    // Its parents are not made: who names a temporary folder that is not there is to hear so from what needs it.
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
