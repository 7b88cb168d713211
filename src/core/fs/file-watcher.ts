import { statSync } from 'node:fs';
import type { StampSource } from './file-snapshot.ts';
import { FileSnapshot } from './file-snapshot.ts';
import type { FolderEvents, WatchKind } from './folder-events.ts';
import { chooseWatch, isWatchLimitReached, MAX_EVENTS, watchFolder } from './folder-events.ts';
import { ifAvailable } from './unavailable.ts';

/** What tells a folder from another one that later took its place. */
interface FolderStamp {
  dev: number;
  ino: number;
  /** 0 where the file system does not tell. */
  birthtimeMs: number;
}

function folderStamp(folder: string): FolderStamp | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats) return undefined;
  const { dev, ino, birthtimeMs, ctimeMs } = stats;
  // Without a real birth time, Node gives the change time, which each new file moves.
  return { dev, ino, birthtimeMs: birthtimeMs === ctimeMs ? 0 : birthtimeMs };
}

function sameFolder(a: FolderStamp | undefined, b: FolderStamp | undefined): boolean {
  if (!a || !b) return a === b;
  const born = a.birthtimeMs === 0 || b.birthtimeMs === 0 || a.birthtimeMs === b.birthtimeMs;
  return a.dev === b.dev && a.ino === b.ino && born;
}

export interface WatchOptions {
  /** Called with the names of the files that were written, added or removed, without ending, sorted, at least one. */
  onChange: (names: string[]) => void;
  /** Called when watching has to make do with scanning, and why. */
  onMessage?: (message: string) => void;
  /** Milliseconds between two scans of the whole folder; a scan never takes more than a two-hundredth of the time. */
  scanEvery?: number;
}

/** A folder whose files of one ending each are a thing by its name. */
export interface WatchedFiles extends StampSource {
  readonly folder: string;
  /** `.json` */
  readonly ending: string;
}

export interface FileWatcher {
  /** Settles when changes from now on will be seen. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** A file that is being written is looked at this long after its last event: half of it is no news. */
const DEBOUNCE_MS = 75;
const MAX_DEBOUNCE_MS = 500;
/** A folder that was removed and made again sends no events any more. */
const FOLDER_CHECK_MS = 500;
const POLL_MS = 2_000;

/**
 * Tells which files changed, whoever changed them: an editor, another process, `git checkout`. Events are hints only:
 * what counts is whether a file's stamp differs from the one that was last told. A scan of the folder finds what events
 * missed. Where the system has no watches left, the folder is scanned every two seconds instead. Keeps Node alive until
 * it is closed.
 */
export function watchFiles(files: WatchedFiles, options: WatchOptions): FileWatcher {
  return new FolderWatch(files, options);
}

class FolderWatch implements FileWatcher {
  readonly ready: Promise<void>;
  readonly #files: WatchedFiles;
  readonly #options: WatchOptions;
  readonly #known: FileSnapshot;
  readonly #dirty = new Map<string, { first: number; last: number }>();
  #eventsSinceLook = 0;
  /** There may have been events of which nobody knows what they were about. */
  #missedSome = false;
  #isPolled = false;
  #settle: NodeJS.Timeout | undefined;
  #scan: NodeJS.Timeout | undefined;
  readonly #folderCheck: NodeJS.Timeout;
  #folder: FolderStamp | undefined;
  #events: FolderEvents | undefined;
  #kind: WatchKind;
  #scanEvery: number;
  #closed = false;
  #stopWaiting: () => void = () => {};

  constructor(files: WatchedFiles, options: WatchOptions) {
    this.#files = files;
    this.#options = options;
    this.#scanEvery = options.scanEvery ?? 30_000;
    this.#folder = folderStamp(files.folder);
    this.#kind = chooseWatch(ifAvailable(() => files.ids().length) ?? 0);
    this.#listen();
    try {
      this.#known = new FileSnapshot(files);
    } catch (error) {
      clearTimeout(this.#scan);
      void this.#events?.close();
      throw error;
    }
    this.#folderCheck = setInterval(() => this.#checkFolder(), FOLDER_CHECK_MS);
    this.ready = this.#whenListening();
    this.#scanLater(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWaiting();
    clearInterval(this.#folderCheck);
    clearTimeout(this.#settle);
    clearTimeout(this.#scan);
    await this.#events?.close();
  }

  /** Where the folder cannot be watched, it is found by looking at it. */
  #listen(): void {
    try {
      const events: FolderEvents = watchFolder(this.#files.folder, this.#files.ending, this.#kind, {
        onEntry: (name) => this.#mark(name),
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

  /** Settles when events come, or when it is closed before. */
  async #whenListening(): Promise<void> {
    const ready = this.#events?.ready;
    if (ready === undefined) return;
    await new Promise<void>((resolve, reject) => {
      this.#stopWaiting = resolve;
      ready.then(resolve, reject);
    });
    // What changed while the watch was being set up sent no event.
    this.#compareAll();
  }

  #mark(entry: string | null): void {
    this.#eventsSinceLook += 1;
    if (entry === null || this.#eventsSinceLook > MAX_EVENTS) this.#missedSome = true;
    else if (!entry.endsWith(this.#files.ending)) return;
    else {
      const now = performance.now();
      const name = entry.slice(0, -this.#files.ending.length);
      this.#dirty.set(name, { first: this.#dirty.get(name)?.first ?? now, last: now });
    }
    this.#settle ??= setTimeout(() => this.#look(), DEBOUNCE_MS);
  }

  /** Looks at the marked files that are quiet; a file that is written all the time is looked at now and then. */
  #look(): void {
    this.#settle = undefined;
    this.#eventsSinceLook = 0;
    const now = performance.now();
    const quiet = [...this.#dirty].filter(
      ([, { first, last }]) => now - last >= DEBOUNCE_MS || now - first >= MAX_DEBOUNCE_MS,
    );
    for (const [name] of quiet) this.#dirty.delete(name);
    if (this.#dirty.size > 0) this.#settle = setTimeout(() => this.#look(), DEBOUNCE_MS);
    const all = this.#missedSome && this.#dirty.size === 0;
    if (all) this.#missedSome = false;
    this.#tell(() => (all ? this.#known.compareAll() : this.#known.compare(quiet.map(([name]) => name))));
  }

  #compareAll(): void {
    this.#tell(() => this.#known.compareAll());
  }

  /** A folder that cannot be read, or is no longer there, has nothing to tell; the next scan finds what happened. */
  #tell(compare: () => string[]): void {
    if (this.#closed) return;
    const names = ifAvailable(compare) ?? [];
    if (names.length === 0) return;
    this.#followSize();
    this.#options.onChange(names.sort());
  }

  /** A folder that has grown over the line is watched as a large one from then on, also when it shrinks again. */
  #followSize(): void {
    if (this.#kind === 'folder' || this.#events === undefined) return;
    this.#kind = chooseWatch(this.#known.size);
    if (this.#kind === 'folder') this.#listenAgain();
  }

  #listenAgain(): void {
    void this.#events?.close();
    this.#events = undefined;
    this.#listen();
    if (this.#events) void this.#whenListening();
  }

  #scanLater(lastTook: number): void {
    clearTimeout(this.#scan);
    // With a hundred thousand files a scan takes a while: then it comes less often.
    this.#scan = setTimeout(
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
      `the system has no file watches left (${error.code}): ${this.#files.folder} is looked at every ${POLL_MS / 1000} s instead`,
    );
    this.#scanEvery = Math.min(this.#scanEvery, POLL_MS);
    this.#scanLater(0);
  }
}
