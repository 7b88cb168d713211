import { watch } from 'node:fs';

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

/** Here one watch of a folder also tells what is written into its files, each by its name. */
const NATIVE_WATCH_PLATFORMS: readonly string[] = ['linux', 'darwin', 'win32'];

/**
 * Tells what happens to a folder's entries. chokidar reads the whole folder again with each change in it, half a second
 * of CPU with ten thousand files, and has a watch for each of them; so it serves only where the system's own events do
 * not tell enough, or where somebody wants files to be polled (`CHOKIDAR_USEPOLLING`, for file systems without events).
 * @param ending entries with another one may be passed over
 * @throws NodeJS.ErrnoException where the folder is missing, or the system has no watches left
 */
export function watchFolder(folder: string, ending: string, listener: FolderListener): FolderEvents {
  if (NATIVE_WATCH_PLATFORMS.includes(process.platform) && !isPollingWanted())
    return nativeEvents(folder, listener);
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
