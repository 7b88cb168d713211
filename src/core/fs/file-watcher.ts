import { type Stats, statSync } from 'node:fs';
import { parse } from 'node:path';
import { FileSnapshot, type StampSource } from './file-stamp.ts';
import {
  chooseFileWatch,
  chooseWatch,
  type FolderEvents,
  isWatchLimitReached,
  MAX_EVENTS,
  type WatchKind,
  type WatchTarget,
  watchFolder,
} from './folder-events.ts';
import { ifAvailable } from './system-errors.ts';

export interface WatchOptions {
  /** Called with the sorted names, without ending, of files that were written, added or removed; at least one. */
  onChange: (names: string[]) => void;
  /** Called with the reason when the folder can only be scanned. */
  onMessage?: (message: string) => void;
  /**
   * Milliseconds between two scans of the whole folder. Longer after slow scans: they take at most 1/200 of the time.
   */
  scanEvery?: number;
}

/** A folder whose files with one ending are watched, or a single file; each has a name, without the ending. */
export type WatchedFiles = StampSource & WatchTarget;

export interface FileWatcher {
  /** Settles when later changes will be reported. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Debounce: a file is read only after it has been quiet for this long, to avoid reading partial writes. */
const DEBOUNCE_MS = 75;
const MAX_DEBOUNCE_MS = 500;
/** Interval of the check for a folder that was removed and created again, which sends no more events. */
const FOLDER_CHECK_MS = 500;
const POLL_MS = 2_000;
/** Interval of the check of a single file. It costs one call, and finds that a link leads to another file. */
const FILE_CHECK_MS = 1_000;

/**
 * Reports which files changed, whether by an editor, another process or `git checkout`. Events are only hints: a file
 * counts as changed if its stamp differs from the last reported one. A regular scan of the folder finds changes
 * without events. If the system has no watches left, the folder is scanned every two seconds instead. Keeps Node alive
 * until it is closed.
 */
export function watchFiles(files: WatchedFiles, options: WatchOptions): FileWatcher {
  return new FolderWatch(files, options);
}

/**
 * Reports that a file was created, written, replaced or deleted. The file, and its folder, may be missing. A file that
 * cannot be reached counts as missing. Keeps Node alive until it is closed.
 */
export function watchFile(
  file: string,
  onChange: () => void,
  { scanEvery = FILE_CHECK_MS }: Pick<WatchOptions, 'scanEvery'> = {},
): FileWatcher {
  const { dir: folder, base: only, name, ext: ending } = parse(file);
  const stamp = (id: string) => (id === name ? statIfThere(file) : undefined);
  const ids = () => (stamp(name) === undefined ? [] : [name]);
  return new FolderWatch({ folder, ending, only, ids, stamp }, { onChange, scanEvery });
}

class FolderWatch implements FileWatcher {
  readonly ready: Promise<void>;
  readonly #files: WatchedFiles;
  readonly #options: WatchOptions;
  readonly #known: FileSnapshot;
  readonly #dirty = new Map<string, { first: number; last: number }>();
  #eventsSinceCheck = 0;
  /** Some events may be missing or have no file name. */
  #missedSome = false;
  #isPolled = false;
  #debounceTimer: NodeJS.Timeout | undefined;
  #scanTimer: NodeJS.Timeout | undefined;
  readonly #folderCheck: NodeJS.Timeout;
  #folder: FolderStamp | undefined;
  #events: FolderEvents | undefined;
  #kind: WatchKind;
  #scanEvery: number;
  #closed = false;

  constructor(files: WatchedFiles, options: WatchOptions) {
    this.#files = files;
    this.#options = options;
    this.#scanEvery = options.scanEvery ?? 30_000;
    this.#folder = folderStamp(files.folder);
    this.#kind = this.#kindFor(ifAvailable(() => files.ids().length) ?? 0);
    this.#listen();
    try {
      this.#known = new FileSnapshot(files);
    } catch (error) {
      clearTimeout(this.#scanTimer);
      void this.#events?.close();
      throw error;
    }
    this.#folderCheck = setInterval(() => this.#checkFolder(), FOLDER_CHECK_MS);
    this.ready = this.#whenListening();
    this.#scanLater(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#folderCheck);
    clearTimeout(this.#debounceTimer);
    clearTimeout(this.#scanTimer);
    await this.#events?.close();
  }

  /** If the folder cannot be watched, scans find the changes. */
  #listen(): void {
    try {
      const events: FolderEvents = watchFolder(this.#files, this.#kind, {
        onEntry: (name) => this.#markDirty(name),
        onError: (error) => {
          if (this.#events !== events) return;
          this.#events = undefined;
          void events.close();
          this.#pollAfter(error);
        },
      });
      this.#events = events;
    } catch (error) {
      this.#events = undefined;
      this.#pollAfter(error);
    }
  }

  /** Settles when events arrive, or when the watcher is closed before. */
  async #whenListening(): Promise<void> {
    const events = this.#events;
    if (events?.ready === undefined) return;
    await events.ready;
    // The file or folder was replaced while the watch opened, so another one watches now.
    if (this.#events !== events) return this.#whenListening();
    // Changes during the setup of the watch sent no event.
    this.#compareAll();
  }

  #markDirty(entry: string | null): void {
    this.#eventsSinceCheck += 1;
    if (entry === null || this.#eventsSinceCheck > MAX_EVENTS) this.#missedSome = true;
    else if (!entry.endsWith(this.#files.ending)) return;
    else {
      const now = performance.now();
      const name = entry.slice(0, entry.length - this.#files.ending.length);
      this.#dirty.set(name, { first: this.#dirty.get(name)?.first ?? now, last: now });
    }
    this.#debounceTimer ??= setTimeout(() => this.#checkDirty(), DEBOUNCE_MS);
  }

  /** Checks the marked files that are quiet; a file that is written all the time is checked at intervals. */
  #checkDirty(): void {
    this.#debounceTimer = undefined;
    this.#eventsSinceCheck = 0;
    const now = performance.now();
    const quiet = [...this.#dirty].filter(
      ([, { first, last }]) => now - last >= DEBOUNCE_MS || now - first >= MAX_DEBOUNCE_MS,
    );
    for (const [name] of quiet) this.#dirty.delete(name);
    if (this.#dirty.size > 0) this.#debounceTimer = setTimeout(() => this.#checkDirty(), DEBOUNCE_MS);
    const all = this.#missedSome && this.#dirty.size === 0;
    if (all) this.#missedSome = false;
    this.#report(() => (all ? this.#known.compareAll() : this.#known.compare(quiet.map(([name]) => name))));
  }

  #compareAll(): void {
    this.#report(() => this.#known.compareAll());
  }

  /** Reports nothing for a folder that is missing or cannot be read; the next scan finds the changes. */
  #report(compare: () => string[]): void {
    if (this.#closed) return;
    const names = ifAvailable(compare) ?? [];
    if (names.length === 0) return;
    this.#followSize();
    this.#options.onChange(names.sort());
  }

  #kindFor(fileCount: number): WatchKind {
    return this.#files.only === undefined ? chooseWatch(fileCount) : chooseFileWatch(fileCount > 0);
  }

  /**
   * A folder that has grown above the limit is watched as a large one permanently, even if it shrinks again. A single
   * file gets a new watch with each change: there may be another file in its place. Of a file that was missing for a
   * moment, chokidar would also watch the folder from then on, and read all of it at each write in it.
   */
  #followSize(): void {
    const isFolder = this.#files.only === undefined;
    if (isFolder && (this.#kind === 'folder' || this.#events === undefined)) return;
    const kind = this.#kindFor(this.#known.size);
    if (kind === this.#kind && kind !== 'file') return;
    this.#kind = kind;
    if (this.#events === undefined) return;
    this.#listenAgain();
    // Changes that the watcher before had not reported yet sent their events to it alone.
    this.#markDirty(null);
  }

  #listenAgain(): void {
    void this.#events?.close();
    this.#events = undefined;
    this.#listen();
    if (this.#events) void this.#whenListening();
  }

  #scanLater(lastTook: number): void {
    clearTimeout(this.#scanTimer);
    // The report of a scan may have closed this watcher.
    if (this.#closed) return;
    // With a hundred thousand files a scan is slow, so it runs less often.
    this.#scanTimer = setTimeout(
      () => {
        const start = performance.now();
        this.#compareAll();
        this.#scanLater(performance.now() - start);
      },
      Math.max(this.#scanEvery, lastTook * 200),
    );
  }

  #checkFolder(): void {
    const now = folderStamp(this.#files.folder);
    const isWatching = this.#events !== undefined || this.#isPolled || now === undefined;
    if (isWatching && sameFolder(now, this.#folder)) return;
    this.#folder = now;
    if (now) this.#listenAgain();
    else {
      void this.#events?.close();
      this.#events = undefined;
    }
    this.#compareAll();
  }

  #pollAfter(error: unknown): void {
    if (!isWatchLimitReached(error)) return;
    this.#isPolled = true;
    this.#options.onMessage?.(
      `the system has no file watches left (${error.code}): ${this.#files.folder} is polled every ${POLL_MS / 1000} s instead`,
    );
    this.#scanEvery = Math.min(this.#scanEvery, POLL_MS);
    this.#scanLater(0);
  }
}

/** Distinguishes a folder from one that later replaces it. */
interface FolderStamp {
  dev: number;
  ino: number;
  /** 0 where the file system does not provide it. */
  birthtimeMs: number;
}

function folderStamp(folder: string): FolderStamp | undefined {
  const stats = statIfThere(folder);
  if (!stats) return undefined;
  const { dev, ino, birthtimeMs, ctimeMs } = stats;
  // Without a real birth time, Node returns the change time, which changes with each new file.
  return { dev, ino, birthtimeMs: birthtimeMs === ctimeMs ? 0 : birthtimeMs };
}

/** `undefined` for a file or folder that is missing or cannot be reached. */
function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function sameFolder(a: FolderStamp | undefined, b: FolderStamp | undefined): boolean {
  if (!a || !b) return a === b;
  const born = a.birthtimeMs === 0 || b.birthtimeMs === 0 || a.birthtimeMs === b.birthtimeMs;
  return a.dev === b.dev && a.ino === b.ino && born;
}
