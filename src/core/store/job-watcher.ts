import { type FSWatcher, watch } from 'chokidar';
import type { JobStore } from './job-store.ts';
import { StampBook } from './stamp-book.ts';
import { type FolderStamp, folderStamp, sameFolder } from './watched-folder.ts';

export interface WatchOptions {
  /** Called with the ids of job files that were written, added or removed, sorted, at least one. */
  onChange: (ids: string[]) => void;
  /** Called when watching has to make do with scanning, and why. */
  onMessage?: (message: string) => void;
  /** Milliseconds between two scans of the whole folder; a scan never takes more than a hundredth of the time. */
  scanEvery?: number;
}

export interface JobWatcher {
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
 * Tells which job files changed, whoever changed them: an editor, another process, `git checkout`. Events are hints
 * only: what counts is whether a file's stamp differs from the one that was last told. A scan of the folder finds what
 * events missed. Where the system has no watches left, the folder is scanned every two seconds instead. Keeps Node
 * alive until it is closed.
 */
export function watchJobs(store: JobStore, options: WatchOptions): JobWatcher {
  return new FolderWatch(store, options);
}

class FolderWatch implements JobWatcher {
  readonly ready: Promise<void>;
  readonly #store: JobStore;
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

  constructor(store: JobStore, options: WatchOptions) {
    this.#store = store;
    this.#options = options;
    this.#scanEvery = options.scanEvery ?? 30_000;
    this.#known = new StampBook(store);
    this.#folder = folderStamp(store.folder);
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
    const watcher = watch(this.#store.folder, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => path !== this.#store.folder && !path.endsWith('.json'),
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
    if (!path.endsWith('.json')) return;
    const now = performance.now();
    const id = path.slice(this.#store.folder.length + 1, -'.json'.length);
    this.#dirty.set(id, { first: this.#dirty.get(id)?.first ?? now, last: now });
    this.#settle ??= setTimeout(() => this.#look(), QUIET_MS);
  }

  /** Looks at the marked files that are quiet; a file that is written all the time is looked at now and then. */
  #look(): void {
    this.#settle = undefined;
    const now = performance.now();
    const quiet = [...this.#dirty].filter(
      ([, { first, last }]) => now - last >= QUIET_MS || now - first >= LONGEST_QUIET_MS,
    );
    for (const [id] of quiet) this.#dirty.delete(id);
    if (this.#dirty.size > 0) this.#settle = setTimeout(() => this.#look(), QUIET_MS);
    this.#tell(this.#known.compare(quiet.map(([id]) => id)));
  }

  #compareAll(): void {
    if (!this.#closed) this.#tell(this.#known.compareAll());
  }

  #tell(ids: string[]): void {
    if (ids.length > 0 && !this.#closed) this.#options.onChange(ids.sort());
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
    const now = folderStamp(this.#store.folder);
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
      `the system has no file watches left (${code}): job files are looked at every ${POLL_MS / 1000} s instead`,
    );
    this.#scanEvery = Math.min(this.#scanEvery, POLL_MS);
    clearTimeout(this.#scan);
    this.#scanLater(0);
    await watcher.close();
  }
}
