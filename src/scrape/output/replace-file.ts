import { randomBytes } from 'node:crypto';
import { constants, renameSync, type Stats, statSync } from 'node:fs';
import { copyFile, type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pidExists } from '../../core/process/pid-exists.ts';
import { syncFolder, type Target, toOutputError } from './output-target.ts';

const PART_NAME = /^\..+\.(\d+)\.[0-9a-f]{8}\.part$/s;

/** A name for the file's next version, beside it: `.books.csv.<pid>.<random>.part`. */
export function createPartName(file: string): string {
  // A name has at most 255 bytes; a shortened one still says whose part it is.
  const name = [...basename(file)].slice(0, 40).join('');
  return join(dirname(file), `.${name}.${process.pid}.${randomBytes(4).toString('hex')}.part`);
}

/** Removes what processes that were killed half-way left in a folder. */
export async function removeStaleParts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = PART_NAME.exec(name)?.[1];
    // Another run may sweep at the same time.
    if (pid !== undefined && !pidExists(Number(pid))) await unlink(join(folder, name)).catch(() => undefined);
  }
}

/** How a file's next version is made. */
export interface NewVersion {
  /** Bytes of the present version that it starts with; 0 for none. */
  keep: number;
  /** What follows, text in UTF-8. */
  content: AsyncIterable<string | Uint8Array>;
  /** Whether it holds what the present version holds, so that it must not replace another one. */
  addsToPresent: boolean;
  /** Told of what is about to take its place, as it will be there. */
  beforePlaced?: (stats: Stats) => Promise<void>;
}

/**
 * Replaces a file by its next version so that anyone sees the old one or the whole new one, also after a crash: a
 * part beside it, fsync, rename, fsync of the folder. The part is removed when anything fails.
 * @returns false when the version adds to a file that another process replaced meanwhile: nothing was done
 * @throws ScrapeError `output`, what `target.check` throws; the old version is untouched
 */
export async function replaceFile(target: Target, version: NewVersion): Promise<boolean> {
  const part = createPartName(target.file);
  await removeStaleParts(dirname(target.file));
  try {
    const written = await writePart(part, target, version);
    await version.beforePlaced?.(written);
    // Two runs that add to one file must not lose rows of each other. Synchronous, so that no time is left between
    // the look and the rename.
    if (version.addsToPresent && hasChanged(target)) {
      await unlink(part);
      return false;
    }
    // Nor for a link to take the place of the folder.
    target.check();
    renameSync(part, target.file);
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw toOutputError(error, target.file);
  }
  await syncFolder(dirname(target.file));
  return true;
}

async function writePart(part: string, target: Target, { keep, content }: NewVersion): Promise<Stats> {
  const handle = await openPart(part, target, keep);
  try {
    for await (const piece of content) await handle.writeFile(piece);
    await handle.sync();
    return await handle.stat();
  } finally {
    await handle.close();
  }
}

async function openPart(part: string, target: Target, keep: number): Promise<FileHandle> {
  if (keep === 0) return applyMode(await open(part, 'ax', target.mode), target);
  await copyFile(target.file, part, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  // In a folder that others can write, something else may stand there by now.
  const { O_APPEND, O_NOFOLLOW = 0, O_WRONLY } = constants;
  const handle = await open(part, O_WRONLY | O_APPEND | O_NOFOLLOW);
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.nlink > 1) throw new Error(`${part} was replaced by another program`);
    await handle.truncate(keep);
    return await applyMode(handle, target);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The umask is for new files; a file that is replaced keeps what it had. */
async function applyMode(handle: FileHandle, { existing, mode }: Target): Promise<FileHandle> {
  if (existing !== undefined) await handle.chmod(mode).catch(() => undefined);
  return handle;
}

function hasChanged({ file, existing }: Target): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  return now?.ino !== existing?.ino || now?.mtimeMs !== existing?.mtimeMs || now?.size !== existing?.size;
}
