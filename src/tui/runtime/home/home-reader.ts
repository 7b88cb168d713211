import { recentDataLoss } from '../../../core/database/recovery/data-loss.ts';
import { ifAvailable } from '../../../core/fs/system-errors.ts';
import { findLeaseHolder } from '../../../core/lease/lease.ts';
import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { listFailingChannels } from '../../../core/messages/channel-health.ts';
import type { JobEntry } from '../../../core/model/job-record.ts';
import { isRunning, type RunRecord } from '../../../core/model/run-record.ts';
import { isExecuted } from '../../../core/runs/last-run.ts';
import {
  type RecentRuns,
  type RunSummary,
  readRecentRuns,
  toRunSummary,
} from '../../../core/runs/recent-runs.ts';
import { listRunning } from '../../../core/runs/run-queue.ts';
import { statusWarnings } from '../../../core/scheduler/scheduler-status.ts';
import { Trash } from '../../../core/trash/trash.ts';
import type { Workspace } from '../../../core/workspace.ts';
import { type ActiveRun, areRunsEqual, toActiveRun } from '../../home/active-run.ts';
import {
  type ActivityEntry,
  type Author,
  firstNextRun,
  type HomeData,
  type SettingsView,
} from '../../home/home-data.ts';
import { HISTORY_RUNS, NO_HISTORY } from '../../home/job-row.ts';
import { activityFromChange } from './activity-from-change.ts';
import { HostCache, JobRowCache, type RowChange } from './home-cache.ts';
import { isEqual, readExecutor, readScheduler, readSettings } from './scheduler-view.ts';

/** The parts of a home that may have changed: only names, because their content is read again. */
export interface TouchedEntities {
  /** Jobs whose definition or state may have changed. */
  readonly jobs: ReadonlySet<string>;
  /** Jobs whose runs may have changed. */
  readonly runsOf: ReadonlySet<string>;
  readonly configs: ReadonlySet<string>;
}

export interface HomeReading {
  data: HomeData;
  /** The ids of the jobs whose rows are new, changed or gone. */
  changed: string[];
  activity: ActivityEntry[];
}

/** With more changed jobs than this, reading all files at once is cheaper than reading each. */
const REREAD_ALL_THRESHOLD = 500;
/** The number of jobs whose history is read at a time. A batch blocks the process for some 20 ms. */
const HISTORY_BATCH_SIZE = 1000;
/** A clock that goes back by more than this was set by hand; a smaller step is a correction. */
const CLOCK_STEP_MS = 10_000;
const NO_RUNS: readonly ActiveRun[] = [];

/** Reads a home's data for the dashboard: everything once, and afterwards only the parts that may have changed. */
export class HomeReader {
  readonly #workspace: Workspace;
  readonly #hosts: HostCache;
  readonly #rows = new JobRowCache();
  readonly #active = new Map<string, ActiveRun[]>();
  /** The jobs whose history has not been read yet. */
  #unread = new Set<string>();
  #activeRuns: readonly ActiveRun[] = [];
  #warnings: readonly string[] = [];
  #settings: SettingsView | undefined;
  #data: HomeData | undefined;
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#hosts = new HostCache(workspace);
  }

  /** True while histories or hosts have not been read yet: see {@link readMore}. */
  get isBehind(): boolean {
    return this.#unread.size > 0 || this.#hosts.isBehind;
  }

  /**
   * Reads everything again. The first time, with thousands of jobs, the histories are left out, because they take as
   * long as the rest.
   * @throws QuickscrapeError `store_unavailable`; the previous data stay valid
   */
  readAll(): HomeReading {
    const { jobs, db, clock } = this.#workspace;
    const entries = jobs.list();
    const later = this.#data === undefined && entries.length > HISTORY_BATCH_SIZE;
    const recents = later ? undefined : readRecentRuns(db, HISTORY_RUNS);
    this.#follow(this.#workspace.runs.active(), this.#active.keys());
    this.#warnings = statusWarnings(entries, clock.now());
    const ids = new Set(entries.map(({ id }) => id));
    for (const id of this.#rows.ids()) if (!ids.has(id)) this.#rows.remove(id);
    this.#hosts.begin();
    for (const entry of entries) this.#put(entry, recents && (recents.get(entry.id) ?? NO_HISTORY));
    this.#unread = new Set(later ? ids : []);
    return this.#settle();
  }

  /**
   * Reads only the touched parts and the running runs.
   * @throws as {@link readAll}
   */
  readTouched({ jobs, runsOf, configs }: TouchedEntities): HomeReading {
    for (const name of configs) this.#hosts.forget(name);
    const ids = [...new Set([...jobs, ...runsOf, ...this.#jobsWith(configs)])];
    if (ids.length > REREAD_ALL_THRESHOLD) return this.readAll();
    const entries = ids.map((id) => ({ id, entry: this.#workspace.jobs.get(id) }));
    const again = new Set(ids.filter((id) => runsOf.has(id) || !this.#rows.partsOf(id)));
    const recents = this.#histories(again);
    this.#followRunsOf(ids);
    this.#hosts.begin();
    for (const { id, entry } of entries) {
      if (!entry) this.#rows.remove(id);
      else this.#put(entry, again.has(id) ? recents(id) : this.#rows.partsOf(id)?.recent);
    }
    return this.#settle();
  }

  /**
   * Reads the next batch of the histories and hosts that were left out.
   * @throws as {@link readAll}
   */
  readMore(): HomeReading {
    const batch = new Set([...this.#unread].slice(0, HISTORY_BATCH_SIZE));
    const recents = this.#histories(batch);
    const ids = new Set([...batch, ...this.#jobsWith(this.#hosts.readMore())]);
    for (const id of ids) {
      const parts = this.#rows.partsOf(id);
      if (parts) this.#put(parts.entry, batch.has(id) ? recents(id) : parts.recent);
    }
    return this.#settle();
  }

  /**
   * Returns the jobs whose next occurrence has changed. It has passed, or the clock has gone back since the last call,
   * so that an earlier one may be next.
   */
  outdatedBy(now: number): string[] {
    const isBack = now < this.#checkedAt - CLOCK_STEP_MS;
    this.#checkedAt = now;
    if (isBack) return this.#rows.ids();
    const { rows } = this.#rows;
    // This runs every second, and usually none of thousands of jobs is due.
    if ((firstNextRun(rows) ?? Number.POSITIVE_INFINITY) > now) return [];
    return rows.flatMap(({ id, nextRun }) => (nextRun !== null && nextRun <= now ? [id] : []));
  }

  #histories(ids: ReadonlySet<string>): (id: string) => RecentRuns {
    const found = ids.size === 0 ? undefined : readRecentRuns(this.#workspace.db, HISTORY_RUNS, [...ids]);
    for (const id of ids) this.#unread.delete(id);
    return (id) => found?.get(id) ?? NO_HISTORY;
  }

  #put(entry: JobEntry, recent: RecentRuns | undefined): void {
    const hosts = this.#hosts.hostsOf(entry.kind === 'valid' ? entry.record.definition.config_name : null);
    const earlier = this.#earlierRun(entry, recent);
    this.#rows.put({ entry, recent, earlier, active: this.#active.get(entry.id) ?? NO_RUNS, hosts });
  }

  /** If the last twenty runs were all skipped, returns the last executed run before them. */
  #earlierRun(entry: JobEntry, recent: RecentRuns | undefined): RunSummary | undefined {
    const lastRunId = entry.kind === 'valid' ? entry.state.lastRunId : null;
    if (lastRunId === null || recent === undefined) return undefined;
    for (const run of recent) if (isExecuted(run)) return undefined;
    const run = this.#workspace.runs.get(lastRunId);
    return run && isExecuted(toRunSummary(run)) ? toRunSummary(run) : undefined;
  }

  /**
   * Updates the active runs of these jobs, and of the jobs that have or had a running run. Such runs progress without a
   * change event.
   */
  #followRunsOf(ids: readonly string[]): void {
    const activeRuns = [...this.#activeRuns, ...listRunning(this.#workspace.db)];
    const jobIds = [...new Set([...ids, ...activeRuns.map(({ jobId }) => jobId)])];
    this.#follow(this.#workspace.runs.activeForJobs(jobIds), jobIds);
  }

  /**
   * Stores the active runs and updates the rows of their jobs.
   * @param records all active runs of these jobs, and all running runs
   * @param jobIds jobs that may have no active run any more
   */
  #follow(records: readonly RunRecord[], jobIds: Iterable<string>): void {
    const ofJobs = new Map<string, ActiveRun[]>();
    for (const id of jobIds) ofJobs.set(id, []);
    const activeRuns = records.filter(isRunning);
    for (const run of [...activeRuns, ...records.filter((run) => !isRunning(run))].map(toActiveRun)) {
      const ofJob = ofJobs.get(run.jobId);
      if (ofJob) ofJob.push(run);
      else ofJobs.set(run.jobId, [run]);
    }
    this.#activeRuns = activeRuns.map(toActiveRun);
    for (const [id, runs] of ofJobs) {
      if (runs.length > 0) this.#active.set(id, runs);
      else this.#active.delete(id);
      this.#rows.putActive(id, runs);
    }
  }

  /** Returns the current data; the same object as before when nothing has changed. */
  #settle(): HomeReading {
    const now = this.#workspace.clock.now();
    const before = this.#data;
    const changes = this.#rows.takeChanges();
    const runs = this.#activeRuns;
    const loss = recentDataLoss(this.#workspace.db, this.#workspace.paths.database, now) ?? null;
    const settings = readSettings(this.#workspace, this.#settings);
    this.#settings = settings;
    const isSchedulerRunning = findLeaseHolder(this.#workspace.db) !== undefined;
    const executor = readExecutor(this.#workspace, settings, {
      isRunning: isSchedulerRunning,
      before: before?.executor,
    });
    const warnings = [...(loss === null ? [] : [loss.text]), ...executor.warnings, ...this.#warnings];
    const scheduler = readScheduler(this.#workspace, settings, warnings);
    const failingChannels = keepIfEqual(before?.failingChannels, readFailingChannels(this.#workspace));
    const isSame =
      before !== undefined &&
      changes.length === 0 &&
      areRunsEqual(before.runs, runs) &&
      settings === before.settings &&
      failingChannels === before.failingChannels &&
      executor === before.executor &&
      isEqual(before.scheduler, scheduler);
    const data = isSame
      ? before
      : {
          jobs: this.#rows.rows,
          runs,
          scheduler,
          executor,
          settings,
          failingChannels,
          readAt: now,
          stale: null,
          loss,
        };
    this.#data = data;
    const activity = before === undefined ? [] : this.#activity(changes, before.readAt, now);
    return { data, changed: changes.map(({ id }) => id), activity };
  }

  #activity(changes: readonly RowChange[], since: number, now: number): ActivityEntry[] {
    const isGone = changes.some((change) => change.now === undefined);
    const deletedBy = isGone ? findDeletionAuthors(this.#workspace, since) : () => null;
    return changes.flatMap((change) => activityFromChange(change, now, deletedBy));
  }

  #jobsWith(configs: ReadonlySet<string>): string[] {
    if (configs.size === 0) return [];
    return this.#rows.rows.flatMap(({ id, configName }) =>
      configName !== null && configs.has(configName) ? [id] : [],
    );
  }
}

/** Of channels that are in `channels.yaml`, or of all while it cannot be read. */
function readFailingChannels({ db, channels, clock }: Pick<Workspace, 'db' | 'channels' | 'clock'>) {
  try {
    return listFailingChannels(
      db,
      clock.now(),
      channels.list().map(({ name }) => name),
    );
  } catch (error) {
    if (!(error instanceof QuickscrapeError) || error.code === 'store_unavailable') throw error;
    return listFailingChannels(db, clock.now());
  }
}

/** The same object as before when nothing of it has changed. */
function keepIfEqual<T extends readonly object[]>(before: T | undefined, now: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

/** A deletion may be noticed this long after it happened. */
const LATE_MS = MINUTE_MS;

/**
 * Returns who deleted a job, according to the trash. A file that is not in the trash was removed by hand.
 * @param since when the job last existed, epoch ms; earlier deletions are ignored
 */
function findDeletionAuthors({ paths }: Pick<Workspace, 'paths'>, since: number): (jobId: string) => Author {
  const trashed = ifAvailable(() => new Trash(paths.trash).list());
  if (trashed === undefined) return () => null;
  const recent = trashed.filter(({ deletedAt }) => deletedAt >= since - LATE_MS);
  const latest = new Map(recent.toReversed().map(({ id, by }) => [id, by]));
  return (jobId) => (latest.has(jobId) ? (latest.get(jobId) ?? null) : 'hand');
}
