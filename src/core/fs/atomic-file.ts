import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DAY_MS } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { pidExists } from '../process/process-table.ts';
import { isSystemError, unavailable, wrapUnavailable } from './system-errors.ts';

/** The operations on an open file that a durable replacement needs. */
export interface OpenFile {
  chmod(mode: number): Promise<void>;
  writeFile(data: string | Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The calls of a durable replacement. There are two implementations: the real one here, and one in the tests that
 * fails at the k-th call, as a full or broken disk does.
 */
export interface FileSystem {
  open(path: string, flags: string, mode: number): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode) => open(path, flags, mode),
  rename: renameWithRetry,
  remove: unlink,
};

/** After this many milliseconds a file that is still held is not held for a moment. */
const MAX_HELD_MS = 1_000;

/**
 * Whether a rename may succeed a moment later. On Windows, a file that a reader or a virus scanner has open cannot be
 * replaced. Elsewhere the same errors are final.
 */
export function isHeldForAMoment(error: unknown, platform: string = process.platform): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code);
}

/**
 * Renames synchronously: no other code of this process can run between the caller's last check of the target and its
 * replacement. A target that is held for a moment is tried again, for two seconds in all.
 */
export async function renameWithRetry(
  from: string,
  to: string,
  rename: (from: string, to: string) => void = renameSync,
  platform: string = process.platform,
): Promise<void> {
  for (let wait = 10; ; wait *= 2) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      if (!isHeldForAMoment(error, platform) || wait > MAX_HELD_MS) throw error;
      await delay(wait);
    }
  }
}

export interface DurableWriteOptions {
  /** Permissions of the new file, whatever the umask. */
  mode?: number;
  /**
   * The state after a power loss. `true` (the default): the new file. `content`: the old file or the complete new one.
   * `false`: the file may be missing or incomplete.
   */
  sync?: boolean | 'content';
  /** Called right before the new file replaces the old one; if it throws, the write is cancelled. */
  beforeReplace?: () => void;
  fileSystem?: FileSystem;
}

const TEMP_NAME = /^\..+\.(\d+)\.[0-9a-f]{12}\.tmp$/s;
/**
 * No write takes this long, not even the output of a long run on a file server whose clock is wrong. An older file
 * belongs to a finished process whose pid was reused.
 */
export const STALE_MS = 7 * DAY_MS;

/**
 * Replaces or creates a file atomically. Readers see the old or the new content, even after a crash. When the promise
 * resolves, the new content is on the disk. Temporary file names contain the writer's pid, so that files of killed
 * writers can be removed.
 * @throws QuickscrapeError `store_unavailable` when the disk fails; the old file stays unless only the folder's sync
 *   failed. `not_allowed` when `file` is a symbolic link.
 */
export async function writeFileDurably(
  file: string,
  data: string | Uint8Array,
  options: DurableWriteOptions = {},
): Promise<void> {
  const { mode = 0o600, sync = true, beforeReplace, fileSystem = nodeFileSystem } = options;
  wrapUnavailable(`cannot write ${file}`, () => refuseSymlink(file));
  const write = (temp: string) => writeNew(fileSystem, temp, data, mode, sync !== false);
  try {
    await replaceFile(file, { write, beforeReplace, fileSystem });
  } catch (error) {
    throw isSystemError(error) ? unavailable(`cannot write ${file}`, error) : error;
  }
  if (sync !== true) return;
  try {
    await syncFolder(dirname(file), fileSystem);
  } catch (error) {
    throw unavailable(`wrote ${file}, but its folder could not be brought to the disk`, error);
  }
}

/** How {@link replaceFile} makes the new version of a file. */
interface Replacement {
  /** Creates the new version at `temp`, and syncs it if it has to survive a power loss. */
  write: (temp: string) => Promise<void>;
  /** Called right before the new version takes the file's place; if it throws, the old version stays. */
  beforeReplace?: (() => void) | undefined;
  fileSystem?: FileSystem;
}

/**
 * Replaces or creates a file atomically: readers see the old version or the whole new one. If a step fails, the
 * temporary file is removed. After a power loss the old version may be back, unless {@link syncFolder} follows.
 * @throws the errors of `write`, `beforeReplace` and the file system
 */
export async function replaceFile(
  file: string,
  { write, beforeReplace, fileSystem = nodeFileSystem }: Replacement,
): Promise<void> {
  const temp = tempFileName(file);
  try {
    await write(temp);
    beforeReplace?.();
    await fileSystem.rename(temp, file);
  } catch (error) {
    await removeQuietly(fileSystem, temp);
    throw error;
  }
}

/** Returns a new temporary name beside a file. {@link sweepTempFiles} removes such files of killed processes. */
export function tempFileName(file: string): string {
  // A file name has at most 255 bytes. The shortened name still shows which file the temporary one belongs to.
  const name = [...basename(file)].slice(0, 40).join('');
  return join(dirname(file), `.${name}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);
}

/** Syncs a folder's entries to the disk, so that a rename or removal in it survives a power loss. */
export async function syncFolder(folder: string, fileSystem: FileSystem = nodeFileSystem): Promise<void> {
  if (!needsFolderSync()) return;
  const handle = await fileSystem.open(folder, 'r', 0);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Windows cannot open a folder, and brings a rename to the disk without this. */
function needsFolderSync(platform: string = process.platform): boolean {
  return platform !== 'win32';
}

/**
 * Syncs a file or folder to the disk. Never use it on a file that SQLite has open in this process: closing it would
 * drop SQLite's locks (POSIX).
 */
export function syncToDisk(path: string, platform: string = process.platform): void {
  if (!needsFolderSync(platform) && statSync(path).isDirectory()) return;
  // Windows syncs only what is open for writing.
  const fd = openSync(path, platform === 'win32' ? 'r+' : 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Lists the temporary files that killed writers left in a folder. Their age is that against the last change of the
 * folder: a clock that is set makes no file of a live writer old, because both times are of the file system.
 */
export function tempFilesIn(folder: string): string[] {
  const changedAt = lstatSync(folder).mtimeMs;
  return readdirSync(folder).flatMap((name) => {
    const pid = TEMP_NAME.exec(name)?.[1];
    if (pid === undefined) return [];
    const file = join(folder, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    const left = stats && (!pidExists(Number(pid)) || changedAt - stats.mtimeMs > STALE_MS);
    return left ? [file] : [];
  });
}

/** Removes {@link tempFilesIn}; files that cannot be listed or removed now are left to the next call. */
export function sweepTempFiles(folder: string): void {
  try {
    for (const file of tempFilesIn(folder)) removeLeftover(file);
  } catch {
    // Other code reports a folder that cannot be listed.
  }
}

/** Removes an unneeded file; if this fails, the file stays. */
export function removeLeftover(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It was never created, another process removed it, or the folder is read-only: it does no harm.
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
    // The umask reduces the mode that open() receives.
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
    // It was never created, or the disk fails here too: it is swept after this process has ended.
  }
}

function refuseSymlink(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new QuickscrapeError('not_allowed', `${file} is a symbolic link, and would be replaced by a file`, {
      hint: 'Change the file that it points to, or put a regular file in its place.',
    });
  }
}
