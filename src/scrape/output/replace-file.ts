import { randomBytes } from 'node:crypto';
import { constants, renameSync, type Stats, statSync } from 'node:fs';
import { copyFile, type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pidExists } from '../../core/process/process-table.ts';
import { syncFolder, type Target, toOutputError } from './output-target.ts';

const PART_NAME = /^\..+\.(\d+)\.[0-9a-f]{8}\.part$/s;

/** Returns a name for the file's next version, in the same folder: `.books.csv.<pid>.<random>.part`. */
export function createPartName(file: string): string {
  // A file name has at most 255 bytes. The shortened name still shows which file the part belongs to.
  const name = [...basename(file)].slice(0, 40).join('');
  return join(dirname(file), `.${name}.${process.pid}.${randomBytes(4).toString('hex')}.part`);
}

/** Removes the parts that killed processes left in a folder. */
export async function removeStaleParts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = PART_NAME.exec(name)?.[1];
    // Another run may clean up at the same time.
    if (pid !== undefined && !pidExists(Number(pid))) await unlink(join(folder, name)).catch(() => undefined);
  }
}

/** How to create a file's next version. */
export interface NewVersion {
  /** Bytes copied from the start of the present version; 0 for none. */
  keep: number;
  /** The content after them; text is written as UTF-8. */
  content: AsyncIterable<string | Uint8Array>;
  /** Whether it contains the present version's content, so that it must not replace any other version. */
  addsToPresent: boolean;
  /** Called right before the replacement, with the stats that the file will have. */
  beforePlaced?: (stats: Stats) => Promise<void>;
}

/**
 * Replaces a file atomically: readers see the old version or the whole new one, also after a crash. Writes a part in
 * the same folder, then fsync, rename, fsync of the folder. The part is removed if any step fails.
 * @returns false if the version appends to a file that another process has replaced; nothing is changed then
 * @throws ScrapeError `output`, and the errors of `target.check`; the old version is then unchanged
 */
export async function replaceFile(target: Target, version: NewVersion): Promise<boolean> {
  const part = createPartName(target.file);
  await removeStaleParts(dirname(target.file));
  try {
    const written = await writePart(part, target, version);
    await version.beforePlaced?.(written);
    // Two runs that append to one file must not lose each other's rows. Synchronous, so that no other work runs between
    // the check and the rename.
    if (version.addsToPresent && hasChanged(target)) {
      await unlink(part);
      return false;
    }
    // Nor may a link have replaced the folder.
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
  // In a folder that others can write to, another file may have replaced the part.
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

/** The umask applies to new files only; a replaced file keeps its permissions. */
async function applyMode(handle: FileHandle, { existing, mode }: Target): Promise<FileHandle> {
  if (existing !== undefined) await handle.chmod(mode).catch(() => undefined);
  return handle;
}

function hasChanged({ file, existing }: Target): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  return now?.ino !== existing?.ino || now?.mtimeMs !== existing?.mtimeMs || now?.size !== existing?.size;
}
