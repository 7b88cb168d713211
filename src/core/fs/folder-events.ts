import { statSync, watch } from 'node:fs';

/** Who is told of a folder's entries. */
export interface FolderListener {
  /** The entry of this name was written, added or removed; `null`: nobody knows which one. */
  onEntry(name: string | null): void;
  /** Nothing more is told. */
  onError(error: NodeJS.ErrnoException): void;
}

/** Events of a folder's entries; they keep Node alive until they are closed. */
export interface FolderEvents {
  /** Settles when what happens from then on is told; `undefined`: it is told already. */
  readonly ready: Promise<void> | undefined;
  close(): Promise<void>;
}

/** Here one watch of a folder also reports writes into its files, each by its name. */
const NATIVE_WATCH_PLATFORMS: readonly string[] = ['linux', 'darwin', 'win32'];

/**
 * Up to this many files a folder is watched by chokidar. Above it the folder's own watch is used: chokidar 5 keeps a
 * watch for each file and reads the whole folder again with each change (measured: half a second of CPU and 81 MB with
 * ten thousand files).
 */
export const MAX_CHOKIDAR_FILES = 1_000;

/** The system keeps some 16,000 events for a process that is busy, and drops the others without a word. */
export const MAX_EVENTS = 8_000;

/** What watches a folder: the library, or one watch of the system. */
export type WatchKind = 'chokidar' | 'folder';

/**
 * What should watch a folder of so many files: chokidar for folders of ordinary size, on systems whose folder watch does
 * not report writes, and where somebody asks for polling (`CHOKIDAR_USEPOLLING`, for file systems without events).
 */
export function chooseWatch(fileCount: number, platform: string = process.platform): WatchKind {
  const isNative = NATIVE_WATCH_PLATFORMS.includes(platform) && !isPollingWanted();
  return isNative && fileCount > MAX_CHOKIDAR_FILES ? 'folder' : 'chokidar';
}

/**
 * Reports what happens to a folder's entries.
 * @param ending entries with another one may be left out
 * @throws NodeJS.ErrnoException where the folder is missing, or the system has no watches left
 */
export function watchFolder(
  folder: string,
  ending: string,
  kind: WatchKind,
  listener: FolderListener,
): FolderEvents {
  if (kind === 'folder') return nativeEvents(folder, listener);
  // chokidar would watch the parent of a folder that is missing, and wait.
  statSync(folder);
  return chokidarEvents(folder, ending, listener);
}

/** The system has none left, for this user or at all. */
export function isWatchLimitReached(error: unknown): error is NodeJS.ErrnoException {
  return ['ENOSPC', 'EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function nativeEvents(folder: string, listener: FolderListener): FolderEvents {
  const watcher = watch(folder, (_, name) => listener.onEntry(name));
  watcher.on('error', (error) => listener.onError(error));
  return { ready: undefined, close: async () => watcher.close() };
}

function chokidarEvents(folder: string, ending: string, listener: FolderListener): FolderEvents {
  const opening = import('chokidar').then(({ watch: follow }) =>
    follow(folder, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => path !== folder && !path.endsWith(ending),
    }),
  );
  const ready = opening.then(
    (watcher) =>
      new Promise<void>((resolve) => {
        watcher.on('all', (_, path) => listener.onEntry(path.slice(folder.length + 1)));
        // chokidar joins events of one file, so only the raw ones say how many the system has sent.
        let rawEvents = 0;
        watcher.on('raw', () => {
          rawEvents += 1;
          if (rawEvents % MAX_EVENTS === 0) listener.onEntry(null);
        });
        watcher.once('ready', resolve);
        watcher.on('error', (error) => {
          // What it says of single files it goes on after.
          if (isWatchLimitReached(error)) listener.onError(error);
          resolve();
        });
      }),
  );
  return { ready, close: () => opening.then((watcher) => watcher.close()) };
}

/** As chokidar reads its variable. */
function isPollingWanted(): boolean {
  return !['', '0', 'false'].includes((process.env['CHOKIDAR_USEPOLLING'] ?? '').toLowerCase());
}
