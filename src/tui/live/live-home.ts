import { accessSync, constants } from 'node:fs';
import { type BegunWatch, beginWatch, type Change } from '../../core/changes.ts';
import { QuickscrapeError } from '../../core/errors.ts';
import { unavailable } from '../../core/store/unavailable.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { HomeData, HomeEvent } from '../home/home-data.ts';
import { HomeReader, type Reading } from './home-reader.ts';

/** At most so often the dashboard is told of changes, in milliseconds, and it takes no more than a tenth of the time. */
const TELL_EVERY_MS = 100;
const SHARE = 10;
/** Whatever it takes: a change is to be seen within a second. */
const TELL_AT_LEAST_EVERY_MS = 500;
/** Changes come in groups: so long others are waited for. */
const GATHER_MS = 20;
/** So often is looked after what nobody tells of. */
const LOOK_EVERY_MS = 1000;
/** Somebody who holds the database is waited for with a later look: meanwhile no key would be answered. */
const WAIT_MS = 50;
/** A scheduler has this long to take up an occurrence before the next one is shown. */
const TAKEN_UP_MS = 3000;

type Tell = (event: HomeEvent) => void;

/**
 * The jobs of a home, read now and then kept as they are: whatever anybody changes is told within a second, at most ten
 * times a second, less often where that takes long. While the store cannot be read, the last data stay, with the reason. Keeps Node alive until it is
 * closed.
 */
export class LiveHome {
  readonly #workspace: Workspace;
  readonly #reader: HomeReader;
  readonly #tell: Tell;
  #data: HomeData;
  #touched = nothing();
  #everything = false;
  #timer: NodeJS.Timeout | undefined;
  #look: NodeJS.Timeout | undefined;
  readonly #watch: BegunWatch;
  #toldAt = Number.NEGATIVE_INFINITY;
  #lastTook = 0;
  #goodAt: number;
  #closed = false;

  /**
   * Reads the home; nothing is told before {@link start}, which has to follow.
   * @throws QuickscrapeError `store_unavailable`
   */
  constructor(workspace: Workspace, tell: Tell) {
    this.#workspace = workspace;
    this.#reader = new HomeReader(workspace);
    this.#tell = tell;
    // Before the first look, so that what changes during it is not passed over.
    this.#watch = beginWatch(workspace, (change) => this.#note(change));
    try {
      this.#data = this.#reader.readAll().data;
    } catch (error) {
      void this.#watch.close();
      throw error;
    }
    this.#goodAt = this.#data.readAt;
  }

  /** What is known at this moment. */
  get data(): HomeData {
    return this.#data;
  }

  /** Begins to watch; resolves when every later change is going to be told. */
  async start(): Promise<void> {
    this.#look = setInterval(() => this.#lookAround(), LOOK_EVERY_MS);
    if (this.#reader.isBehind) this.#soon();
    await this.#watch.ready;
  }

  /** A job that this dashboard has just changed is read again without waiting for its watcher. */
  touch(jobId: string): void {
    this.#touched.jobs.add(jobId);
    this.#touched.runsOf.add(jobId);
    this.#soon();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#look);
    await this.#watch.close();
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
        // Both are read again with whatever else is.
        break;
      default:
        change satisfies never;
    }
    this.#soon();
  }

  #soon(): void {
    if (this.#timer !== undefined || this.#closed) return;
    // What is read piece by piece at the beginning is waited for.
    const share = this.#reader.isBehind ? 0 : this.#lastTook * SHARE;
    const pause = Math.min(TELL_AT_LEAST_EVERY_MS, Math.max(TELL_EVERY_MS, share));
    const wait = Math.max(GATHER_MS, this.#toldAt + pause - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#read();
      this.#lastTook = performance.now() - this.#toldAt;
    }, wait);
  }

  #read(): void {
    const touched = this.#touched;
    const everything = this.#everything;
    this.#toldAt = performance.now();
    try {
      const readings = this.#workspace.db.waitingAtMost(WAIT_MS, () => {
        this.#mustBeThere();
        return [everything ? this.#reader.readAll() : this.#reader.readTouched(touched)];
      });
      this.#touched = nothing();
      this.#everything = false;
      if (this.#reader.isBehind) readings.push(this.#reader.readMore());
      if (this.#reader.isBehind) this.#soon();
      this.#goodAt = this.#workspace.clock.now();
      this.#tellReadings(readings);
    } catch (error) {
      this.#keepLast(error);
    }
  }

  #tellReadings(readings: readonly Reading[]): void {
    const data = readings.at(-1)?.data ?? this.#data;
    if (data === this.#data) return;
    this.#data = data;
    this.#tell({
      kind: 'home',
      data,
      changed: [...new Set(readings.flatMap(({ changed }) => changed))],
      happened: readings.flatMap(({ happened }) => happened),
    });
  }

  /** The last data stay; what could not be read is tried again with the next look. */
  #keepLast(error: unknown): void {
    if (!(error instanceof QuickscrapeError) || error.code !== 'store_unavailable') throw error;
    this.#everything = true;
    const { stale } = this.#data;
    if (stale?.reason === error.message) return;
    this.#data = { ...this.#data, stale: { since: stale?.since ?? this.#goodAt, reason: error.message } };
    this.#tell({ kind: 'home', data: this.#data, changed: [], happened: [] });
  }

  /** What nobody tells of is found by looking: a full disk, an occurrence that passed, another clock, a store that is gone. */
  #lookAround(): void {
    for (const id of this.#reader.outdatedBy(this.#workspace.clock.now() - TAKEN_UP_MS))
      this.#touched.jobs.add(id);
    this.#soon();
  }

  /** @throws QuickscrapeError `store_unavailable` */
  #mustBeThere(): void {
    const { db, paths } = this.#workspace;
    db.changeMark();
    try {
      accessSync(paths.jobs, constants.R_OK | constants.X_OK);
    } catch (error) {
      throw unavailable(`cannot read ${paths.jobs}`, error);
    }
  }
}

function nothing() {
  return { jobs: new Set<string>(), runsOf: new Set<string>(), configs: new Set<string>() };
}
