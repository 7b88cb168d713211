import { realpathSync, watch } from 'node:fs';
import { basename, join, sep } from 'node:path';
import type { ChokidarOptions } from 'chokidar';

/** Receives the events of a folder's entries. */
export interface FolderListener {
  /** The entry of this name was written, added or removed; `null`: it is unknown which entry. */
  onEntry(name: string | null): void;
  /** Watching has failed; no more events follow. */
  onError(error: NodeJS.ErrnoException): void;
}

/** Events of a folder's entries; they keep Node alive until they are closed. */
export interface FolderEvents {
  /** Settles when later events are reported, or at the latest when closed; `undefined`: they are reported already. */
  readonly ready: Promise<void> | undefined;
  close(): Promise<void>;
}

/** On these systems one watch of a folder also reports writes into its files, each by name. */
const NATIVE_WATCH_PLATFORMS: readonly string[] = ['linux', 'darwin', 'win32'];

/**
 * A folder with at most this many files is watched by chokidar, a larger one by the folder's own watch. chokidar 5
 * holds one watch per file and reads the whole folder again at each change, also when the scheduler copies the state of
 * a run into its job file. Measured with a thousand files: 40 ms of CPU per run.
 */
export const MAX_CHOKIDAR_FILES = 100;

/**
 * After this many events, some may be missing. The system queues about 16,000 for a busy process, and silently drops
 * others.
 */
export const MAX_EVENTS = 8_000;

/** What is watched: a folder's files with one ending, or only one file. */
export interface WatchTarget {
  readonly folder: string;
  /** Entries with another ending may be omitted. */
  readonly ending: string;
  /** The only file, with its ending. */
  readonly only?: string;
}

/** The watcher: chokidar on the folder or on a single file, or one watch of the system on the folder. */
export type WatchKind = 'chokidar' | 'file' | 'folder';

/**
 * Chooses the watcher for a folder with `fileCount` files. chokidar watches folders of ordinary size. It also watches
 * where the system's folder watch does not report writes, and where polling is requested (`CHOKIDAR_USEPOLLING`, for
 * file systems without events).
 */
export function chooseWatch(fileCount: number, platform: string = process.platform): WatchKind {
  const isNative = NATIVE_WATCH_PLATFORMS.includes(platform) && !isPollingWanted();
  return isNative && fileCount > MAX_CHOKIDAR_FILES ? 'folder' : 'chokidar';
}

/**
 * Chooses the watcher for a single file. chokidar watches an existing one. For a missing one it would read the whole
 * folder again at each write in it, and a home's database is written many times a second. The folder's own watch only
 * reports names.
 */
export function chooseFileWatch(exists: boolean): WatchKind {
  return exists ? 'file' : 'folder';
}

/**
 * Reports events of a folder's entries, or of a single file.
 * @throws NodeJS.ErrnoException where the folder is missing, or the system has no watches left
 */
export function watchFolder(
  { folder, ending, only = '' }: WatchTarget,
  kind: WatchKind,
  listener: FolderListener,
): FolderEvents {
  if (kind === 'folder') return nativeEvents(folder, listener);
  // chokidar would watch a link instead of its folder, and wait for a folder that is missing.
  const real = realpathSync(folder);
  // It takes a backslash for a separator, also where it is part of a name.
  if (sep === '/' && real.includes('\\')) return nativeEvents(folder, listener);
  return kind === 'file'
    ? chokidarEvents(join(real, only), { depth: 0 }, listener)
    : chokidarEvents(real, entriesOnly(ending), listener);
}

/** Whether the system has no watches left, for this user or at all. */
export function isWatchLimitReached(error: unknown): error is NodeJS.ErrnoException {
  return ['ENOSPC', 'EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function nativeEvents(folder: string, listener: FolderListener): FolderEvents {
  const watcher = watch(folder, (_, name) => listener.onEntry(name));
  watcher.on('error', (error) => listener.onError(error));
  return { ready: undefined, close: async () => watcher.close() };
}

/** The options of chokidar for the files of a folder. */
function entriesOnly(ending: string): ChokidarOptions {
  return {
    depth: 0,
    followSymlinks: false,
    ignored: (path, stats) => stats !== undefined && !stats.isDirectory() && !path.endsWith(ending),
  };
}

function chokidarEvents(path: string, options: ChokidarOptions, listener: FolderListener): FolderEvents {
  const opening = import('chokidar').then(({ watch: follow }) =>
    follow(path, { ...options, ignoreInitial: true }),
  );
  let settle: () => void = () => {};
  // A watcher that is closed while it opens never gets ready.
  const closed = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const listening = opening.then(
    (watcher) =>
      new Promise<void>((resolve) => {
        watcher.on('all', (_, changed) => listener.onEntry(basename(changed)));
        // chokidar merges events of one file, so only the raw events show how many the system has sent.
        let rawEvents = 0;
        watcher.on('raw', () => {
          rawEvents += 1;
          if (rawEvents % MAX_EVENTS === 0) listener.onEntry(null);
        });
        watcher.once('ready', resolve);
        watcher.on('error', (error) => {
          // chokidar continues after errors of single files.
          if (isWatchLimitReached(error)) listener.onError(error);
          resolve();
        });
      }),
  );
  const close = () => {
    settle();
    return opening.then((watcher) => watcher.close());
  };
  return { ready: Promise.race([listening, closed]), close };
}

/** Parses the variable in the same way as chokidar. */
function isPollingWanted(): boolean {
  return !['', '0', 'false'].includes((process.env['CHOKIDAR_USEPOLLING'] ?? '').toLowerCase());
}
