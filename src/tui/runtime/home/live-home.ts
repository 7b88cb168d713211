import { accessSync, constants } from 'node:fs';
import { type Change, type PendingWatch, startWatch } from '../../../core/api/changes.ts';
import { unavailable } from '../../../core/fs/system-errors.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import type { Workspace } from '../../../core/workspace.ts';
import type { HomeData, HomeEvent } from '../../home/home-data.ts';
import { HomeReader, type HomeReading } from './home-reader.ts';

/** The minimum interval between two change events, in milliseconds. Reading takes at most a tenth of the time. */
const MIN_NOTIFY_INTERVAL_MS = 100;
const READ_TIME_FACTOR = 10;
/** The upper limit of the interval: a change must be visible within a second. */
const MAX_NOTIFY_INTERVAL_MS = 500;
/** Changes come in groups, so the read is delayed by this time to collect them. */
const DEBOUNCE_MS = 20;
/** The interval of the poll for changes without an event. */
const POLL_INTERVAL_MS = 1000;
/** A locked database is read later instead of waiting, because waiting would block the keyboard. */
const BUSY_TIMEOUT_MS = 50;
/** The scheduler has this long to start an occurrence before the dashboard shows the next one. */
const PICKUP_GRACE_MS = 3000;

type HomeListener = (event: HomeEvent) => void;

/**
 * Reads the jobs of a home and keeps them up to date. Each change is reported within a second, at most ten times a
 * second, and less often where reading takes long. While the store cannot be read, the last data stay, with the reason.
 * Keeps Node alive until it is closed.
 */
export class LiveHome {
  readonly #workspace: Workspace;
  readonly #reader: HomeReader;
  readonly #listener: HomeListener;
  #data: HomeData;
  #touched = noneTouched();
  #rereadAll = false;
  #timer: NodeJS.Timeout | undefined;
  #pollTimer: NodeJS.Timeout | undefined;
  readonly #watcher: PendingWatch;
  #notifiedAt = Number.NEGATIVE_INFINITY;
  #lastTook = 0;
  #freshAt: number;
  #closed = false;

  /**
   * Reads the home. The caller must then call {@link start}; no events are sent before.
   * @throws QuickscrapeError `store_unavailable`
   */
  constructor(workspace: Workspace, listener: HomeListener) {
    this.#workspace = workspace;
    this.#reader = new HomeReader(workspace);
    this.#listener = listener;
    // The watch starts before the first read, so that no change during the read is lost.
    this.#watcher = startWatch(workspace, (change) => this.#note(change));
    try {
      this.#data = this.#reader.readAll().data;
    } catch (error) {
      void this.#watcher.close();
      throw error;
    }
    this.#freshAt = this.#data.readAt;
  }

  /** The current data. */
  get data(): HomeData {
    return this.#data;
  }

  /** Begins to watch; resolves when every later change will be reported. */
  async start(): Promise<void> {
    this.#pollTimer = setInterval(() => this.#poll(), POLL_INTERVAL_MS);
    if (this.#reader.isBehind) this.#scheduleRead();
    await this.#watcher.ready;
  }

  /** Reads a job again that this dashboard has just changed, without waiting for the watcher. */
  touch(jobId: string): void {
    this.#touched.jobs.add(jobId);
    this.#touched.runsOf.add(jobId);
    this.#scheduleRead();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#pollTimer);
    await this.#watcher.close();
  }

  #note(change: Change): void {
    const { jobs, runsOf, configs } = this.#touched;
    switch (change.kind) {
      case 'job_changed':
        jobs.add(change.job_id);
        break;
      case 'run_changed':
        runsOf.add(change.run.job_id);
        break;
      case 'config_changed':
        configs.add(change.config_name);
        break;
      case 'run_progress':
      case 'scheduler_changed':
      case 'settings_changed':
      case 'workers_changed':
        // Every read includes them.
        break;
      default:
        change satisfies never;
    }
    this.#scheduleRead();
  }

  #scheduleRead(): void {
    if (this.#timer !== undefined || this.#closed) return;
    // The initial reading in batches is not slowed down.
    const share = this.#reader.isBehind ? 0 : this.#lastTook * READ_TIME_FACTOR;
    const pause = Math.min(MAX_NOTIFY_INTERVAL_MS, Math.max(MIN_NOTIFY_INTERVAL_MS, share));
    const wait = Math.max(DEBOUNCE_MS, this.#notifiedAt + pause - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#read();
      this.#lastTook = performance.now() - this.#notifiedAt;
    }, wait);
  }

  #read(): void {
    const touched = this.#touched;
    const all = this.#rereadAll;
    this.#notifiedAt = performance.now();
    try {
      const readings = this.#workspace.db.withBusyTimeout(BUSY_TIMEOUT_MS, () => {
        this.#assertReadable();
        return [all ? this.#reader.readAll() : this.#reader.readTouched(touched)];
      });
      this.#touched = noneTouched();
      this.#rereadAll = false;
      if (this.#reader.isBehind) readings.push(this.#reader.readMore());
      if (this.#reader.isBehind) this.#scheduleRead();
      this.#freshAt = this.#workspace.clock.now();
      this.#notify(readings);
    } catch (error) {
      this.#markStale(error);
    }
  }

  #notify(readings: readonly HomeReading[]): void {
    const data = readings.at(-1)?.data ?? this.#data;
    if (data === this.#data) return;
    this.#data = data;
    this.#listener({
      kind: 'home',
      data,
      changed: [...new Set(readings.flatMap(({ changed }) => changed))],
      activity: readings.flatMap(({ activity }) => activity),
    });
  }

  /** Keeps the last data. The next poll tries again to read everything. */
  #markStale(error: unknown): void {
    if (!(error instanceof QuickscrapeError) || error.code !== 'store_unavailable') throw error;
    this.#rereadAll = true;
    const { stale } = this.#data;
    if (stale?.reason === error.message) return;
    this.#data = { ...this.#data, stale: { since: stale?.since ?? this.#freshAt, reason: error.message } };
    this.#listener({ kind: 'home', data: this.#data, changed: [], activity: [] });
  }

  /** Finds changes without an event: a full disk, an occurrence that passed, a changed clock, a store that is gone. */
  #poll(): void {
    for (const id of this.#reader.outdatedBy(this.#workspace.clock.now() - PICKUP_GRACE_MS))
      this.#touched.jobs.add(id);
    this.#scheduleRead();
  }

  /** @throws QuickscrapeError `store_unavailable` */
  #assertReadable(): void {
    const { db, paths } = this.#workspace;
    db.changeVersion();
    try {
      accessSync(paths.jobs, constants.R_OK | constants.X_OK);
    } catch (error) {
      throw unavailable(`cannot read ${paths.jobs}`, error);
    }
  }
}

function noneTouched() {
  return { jobs: new Set<string>(), runsOf: new Set<string>(), configs: new Set<string>() };
}
