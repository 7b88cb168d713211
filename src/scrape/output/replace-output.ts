import { constants, type Stats, statSync } from 'node:fs';
import { copyFile, type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile, sweepTempFiles } from '../../core/fs/atomic-file.ts';
import { syncOutputFolder, type Target, toOutputError } from './output-target.ts';

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

/** Another process has replaced the version that the new one contains. */
class ReplacedMeanwhileError extends Error {}

/**
 * Replaces an output file atomically and durably: readers see the old version or the whole new one, also after a crash.
 * The new version is written beside the old one under a temporary name; it is removed if any step fails.
 * @returns false if the version appends to a file that another process has replaced; nothing is changed then
 * @throws ScrapeError `output`, and the errors of `target.check`; the old version is then unchanged
 */
export async function replaceOutput(target: Target, version: NewVersion): Promise<boolean> {
  const folder = dirname(target.file);
  sweepTempFiles(folder);
  const write = async (temp: string) => {
    const written = await writePart(temp, target, version);
    await version.beforePlaced?.(written);
  };
  const beforeReplace = () => {
    // Two runs that append to one file must not lose each other's rows.
    if (version.addsToPresent && hasChanged(target)) throw new ReplacedMeanwhileError();
    // Nor may a link have replaced the folder.
    target.check();
  };
  try {
    await replaceFile(target.file, { write, beforeReplace });
  } catch (error) {
    if (error instanceof ReplacedMeanwhileError) return false;
    throw toOutputError(error, target.file);
  }
  await syncOutputFolder(folder);
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
