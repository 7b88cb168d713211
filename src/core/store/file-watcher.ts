import { type FSWatcher, watch } from 'chokidar';
import { StampBook, type Stamped } from './stamp-book.ts';
import { ifAvailable } from './unavailable.ts';
import { type FolderStamp, folderStamp, sameFolder } from './watched-folder.ts';

export interface WatchOptions {
  /** Called with the names of the files that were written, added or removed, without ending, sorted, at least one. */
  onChange: (names: string[]) => void;
  /** Called when watching has to make do with scanning, and why. */
  onMessage?: (message: string) => void;
  /** Milliseconds between two scans of the whole folder; a scan never takes more than a hundredth of the time. */
  scanEvery?: number;
}

/** A folder whose files of one ending each are a thing by its name. */
export interface WatchedFiles extends Stamped {
  readonly folder: string;
  /** `.json` */
  readonly ending: string;
}

export interface FileWatcher {
  /** Settles when changes from now on will be seen. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** chokidar loses the second of two writes within 50 ms; so a file is looked at this long after its last event. */
const QUIET_MS = 75;
const LONGEST_QUIET_MS = 500;
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
  readonly #known: StampBook;
  readonly #dirty = new Map<string, { first: number; last: number }>();
  #settle: NodeJS.Timeout | undefined;
  #scan: NodeJS.Timeout | undefined;
  readonly #folderCheck: NodeJS.Timeout;
  #folder: FolderStamp | undefined;
  #watcher: FSWatcher | undefined;
  #scanEvery: number;
  #closed = false;
  #stopWaiting: () => void = () => {};

  constructor(files: WatchedFiles, options: WatchOptions) {
    this.#files = files;
    this.#options = options;
    this.#scanEvery = options.scanEvery ?? 30_000;
    this.#known = new StampBook(files);
    this.#folder = folderStamp(files.folder);
    this.#folderCheck = setInterval(() => this.#checkFolder(), FOLDER_CHECK_MS);
    this.ready = this.#watch();
    this.#scanLater(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWaiting();
    clearInterval(this.#folderCheck);
    clearTimeout(this.#settle);
    clearTimeout(this.#scan);
    await this.#watcher?.close();
  }

  async #watch(): Promise<void> {
    const watcher = watch(this.#files.folder, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => path !== this.#files.folder && !path.endsWith(this.#files.ending),
    });
    this.#watcher = watcher;
    watcher.on('all', (_, path) => this.#mark(path));
    await new Promise<void>((resolve) => {
      this.#stopWaiting = resolve;
      watcher.once('ready', resolve);
      watcher.on('error', (error) => {
        void this.#pollInstead(watcher, error);
        resolve();
      });
    });
    // What changed while the watcher was being set up sent no event.
    this.#compareAll();
  }

  #mark(path: string): void {
    if (!path.endsWith(this.#files.ending)) return;
    const now = performance.now();
    const name = path.slice(this.#files.folder.length + 1, -this.#files.ending.length);
    this.#dirty.set(name, { first: this.#dirty.get(name)?.first ?? now, last: now });
    this.#settle ??= setTimeout(() => this.#look(), QUIET_MS);
  }

  /** Looks at the marked files that are quiet; a file that is written all the time is looked at now and then. */
  #look(): void {
    this.#settle = undefined;
    const now = performance.now();
    const quiet = [...this.#dirty].filter(
      ([, { first, last }]) => now - last >= QUIET_MS || now - first >= LONGEST_QUIET_MS,
    );
    for (const [name] of quiet) this.#dirty.delete(name);
    if (this.#dirty.size > 0) this.#settle = setTimeout(() => this.#look(), QUIET_MS);
    this.#tell(() => this.#known.compare(quiet.map(([name]) => name)));
  }

  #compareAll(): void {
    this.#tell(() => this.#known.compareAll());
  }

  /** A folder that cannot be read, or is no longer there, has nothing to tell; the next scan finds what happened. */
  #tell(compare: () => string[]): void {
    if (this.#closed) return;
    const names = ifAvailable(compare) ?? [];
    if (names.length > 0) this.#options.onChange(names.sort());
  }

  #scanLater(lastTook: number): void {
    // With a hundred thousand files a scan takes a while: then it comes less often.
    this.#scan = setTimeout(
      () => {
        const start = performance.now();
        this.#compareAll();
        this.#scanLater(performance.now() - start);
      },
      Math.max(this.#scanEvery, lastTook * 100),
    );
  }

  #checkFolder(): void {
    const now = folderStamp(this.#files.folder);
    if (sameFolder(now, this.#folder)) return;
    this.#folder = now;
    const before = this.#watcher;
    this.#watcher = undefined;
    void before?.close();
    if (now) void this.#watch();
    else this.#compareAll();
  }

  async #pollInstead(watcher: FSWatcher, error: unknown): Promise<void> {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (this.#watcher !== watcher || !['ENOSPC', 'EMFILE', 'ENFILE'].includes(code)) return;
    this.#watcher = undefined;
    this.#options.onMessage?.(
      `the system has no file watches left (${code}): ${this.#files.folder} is looked at every ${POLL_MS / 1000} s instead`,
    );
    this.#scanEvery = Math.min(this.#scanEvery, POLL_MS);
    clearTimeout(this.#scan);
    this.#scanLater(0);
    await watcher.close();
  }
}
