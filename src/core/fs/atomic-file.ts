import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { QuickscrapeError } from '../lib/errors.ts';
import { pidExists } from '../process/pid-exists.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { isSystemError, unavailable, wrapUnavailable } from './unavailable.ts';

export interface DurableWriteOptions {
  /** Permissions of the new file, whatever the umask. */
  mode?: number;
  /**
   * `content` when the power may take the replacement back, but never the file: the old one or the whole new one is
   * there. `false` for what may be gone or half after a power loss. Default `true`.
   */
  sync?: boolean | 'content';
  /** Called right before the new file takes the old one's place; what it throws calls the write off. */
  beforeReplace?: () => void;
  fileSystem?: FileSystem;
}

const TEMP_NAME = /^\..+\.(\d+)\.[0-9a-f]{12}\.tmp$/;
/** No write takes this long: its process has gone, and another one has its number. */
const STALE_MS = 3_600_000;

/**
 * Replaces (or makes) a file as a whole: readers see the old content or the new, also after a crash, and when the
 * promise resolves the new content is on the disk. Temporary files bear the writer's pid, so that those of killed
 * writers can be swept.
 * @throws QuickscrapeError `store_unavailable` when the disk refuses; the old file stays unless only the folder's sync
 *   failed. `not_allowed` when `file` is a symbolic link.
 */
export async function writeFileDurably(
  file: string,
  data: string | Uint8Array,
  options: DurableWriteOptions = {},
): Promise<void> {
  const { mode = 0o600, sync = true, beforeReplace, fileSystem = nodeFileSystem } = options;
  wrapUnavailable(`cannot write ${file}`, () => refuseSymlink(file));
  const temp = tempFileName(file);
  try {
    await writeNew(fileSystem, temp, data, mode, sync !== false);
    beforeReplace?.();
    await fileSystem.rename(temp, file);
  } catch (error) {
    await removeQuietly(fileSystem, temp);
    throw isSystemError(error) ? unavailable(`cannot write ${file}`, error) : error;
  }
  if (sync !== true) return;
  try {
    await syncFolder(dirname(file), fileSystem);
  } catch (error) {
    throw unavailable(`wrote ${file}, but its folder could not be brought to the disk`, error);
  }
}

/** A new name beside a file, for what becomes that file when it is ready; what a killed process left so is swept. */
export function tempFileName(file: string): string {
  return join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);
}

/** Brings a folder's entries to the disk, so that a rename or removal in it outlives a power loss. */
export async function syncFolder(folder: string, fileSystem: FileSystem = nodeFileSystem): Promise<void> {
  // Windows cannot open a folder, and needs no such sync.
  if (process.platform === 'win32') return;
  const handle = await fileSystem.open(folder, 'r', 0);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The temporary files that killed writers left in a folder. */
export function tempFilesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const pid = TEMP_NAME.exec(name)?.[1];
    if (pid === undefined) return [];
    const file = join(folder, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    const left = stats && (!pidExists(Number(pid)) || Date.now() - stats.mtimeMs > STALE_MS);
    return left ? [file] : [];
  });
}

/** Removes {@link tempFilesIn}; what cannot be seen or removed now is left to the next sweep. */
export function sweepTempFiles(folder: string): void {
  try {
    for (const file of tempFilesIn(folder)) removeLeftover(file);
  } catch {
    // A folder that cannot be listed is somebody else's message.
  }
}

/** Removes what nobody needs; where that cannot be done now it stays. */
export function removeLeftover(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It was never made, somebody else swept it, or the folder is read-only: it is in nobody's way.
  }
}

async function writeNew(
  fileSystem: FileSystem,
  temp: string,
  data: string | Uint8Array,
  mode: number,
  sync: boolean,
): Promise<void> {
  const handle = await fileSystem.open(temp, 'wx', mode);
  let closed = false;
  try {
    // The mode given to open() is cut by the umask.
    await handle.chmod(mode);
    await handle.writeFile(data);
    if (sync) await handle.sync();
    closed = true;
    await handle.close();
  } finally {
    if (!closed) await handle.close().catch(() => {});
  }
}

async function removeQuietly(fileSystem: FileSystem, temp: string): Promise<void> {
  try {
    await fileSystem.remove(temp);
  } catch {
    // It was never made, or the disk refuses this too: the sweep gets it once this process has ended.
  }
}

function refuseSymlink(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new QuickscrapeError('not_allowed', `${file} is a symbolic link, and would be replaced by a file`, {
      hint: 'Change the file that it points to, or put a regular file in its place.',
    });
  }
}
