import { reconcileRuns } from '../execution/reconcile-runs.ts';
import { type FileWatcher, watchFile, watchFiles } from '../fs/file-watcher.ts';
import { ifAvailable } from '../fs/system-errors.ts';
import { canStartRuns, findLeaseHolder } from '../lease/lease.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { type SchedulerOutput, toSchedulerOutput } from '../operations/scheduler-operations.ts';
import { RunTracker } from '../runs/run-changes.ts';
import { listRunning } from '../runs/run-queue.ts';
import type { NewestRows } from '../runs/run-store.ts';
import { type RunDict, toRunDict } from '../runs/serialize-run.ts';
import { listWorkers } from '../scheduler/executor-view.ts';
import { schedulerStatus } from '../scheduler/scheduler-status.ts';
import type { Workspace } from '../workspace.ts';

/** A change in a home, with the new state; names and values as in operations. */
export type Change =
  /** A job's definition, status or next run changed, or the job was created or deleted. */
  | { kind: 'job_changed'; job_id: string }
  /** A run is new, or its status, attempt or outcome changed. */
  | { kind: 'run_changed'; run: RunDict }
  /** The counts of a running run changed. */
  | { kind: 'run_progress'; run: RunDict }
  /** The scheduler started, stopped, or was asked to stop. */
  | { kind: 'scheduler_changed'; scheduler: SchedulerOutput }
  /** A worker on another machine was invited or revoked, came, went silent, drains, or has other tags, slots or runs. */
  | { kind: 'workers_changed' }
  | { kind: 'config_changed'; config_name: string }
  /** `settings.yaml` was created, written or deleted. */
  | { kind: 'settings_changed' };

export interface ChangeWatch {
  close(): Promise<void>;
}

/** The interval between polls of the database, in milliseconds. */
const POLL_INTERVAL_MS = 200;
/** A process can die without writing anything. Runs are therefore reconciled once in this many polls. */
const RECONCILE_EVERY = 5;

/** A watch that is still being set up. Changes since the call are reported all the same. */
export interface PendingWatch extends ChangeWatch {
  /** Settles when changes are reported as they happen, or when the watch is closed before that. */
  readonly ready: Promise<void>;
}

/**
 * Reports all changes in a home from now on, whichever process makes them. Changes of runs arrive within a quarter of a
 * second, changes of files within about the same. Events may be late or combined, but their content is current when
 * they are delivered. Keeps Node alive until it is closed.
 */
export async function watchChanges(
  workspace: Workspace,
  listener: (change: Change) => void,
): Promise<ChangeWatch> {
  const watch = startWatch(workspace, listener);
  await watch.ready;
  return watch;
}

/**
 * The same for callers that do not wait for the set-up, which takes seconds with ten thousand files.
 * @throws QuickscrapeError `store_unavailable`
 */
export function startWatch(workspace: Workspace, listener: (change: Change) => void): PendingWatch {
  const jobs = new JobChangeDetector(workspace, listener);
  const opened: { close(): void | Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(opened.map((watch) => watch.close()));
  };
  const readyOf = (watcher: FileWatcher) => {
    opened.push(watcher);
    return watcher.ready;
  };
  const onConfigs = (names: string[]) => {
    for (const config_name of names) listener({ kind: 'config_changed', config_name });
  };
  try {
    opened.push(new DatabaseWatch(workspace, listener, (jobIds) => jobs.check(jobIds)));
    const ready = [
      readyOf(watchFiles(workspace.jobs, { onChange: (ids) => jobs.check(ids) })),
      readyOf(watchFiles(workspace.configs, { onChange: onConfigs })),
      readyOf(watchFile(workspace.paths.settings, () => listener({ kind: 'settings_changed' }))),
    ];
    return { ready: Promise.all(ready).then(() => {}), close };
  } catch (error) {
    void close();
    throw error;
  }
}

/** Reports each job change once, although both the file and the database signal it. */
class JobChangeDetector {
  readonly #workspace: Workspace;
  readonly #listener: (change: Change) => void;
  readonly #reported = new Map<string, string>();
  readonly #unread = new Set<string>();

  constructor(workspace: Workspace, listener: (change: Change) => void) {
    this.#workspace = workspace;
    this.#listener = listener;
  }

  /** Checks these jobs, and the jobs that could not be read in earlier checks. */
  check(ids: readonly string[]): void {
    const all = new Set([...this.#unread, ...ids]);
    this.#unread.clear();
    for (const job_id of all) {
      const fingerprint = ifAvailable(() => this.#fingerprint(job_id));
      if (fingerprint === undefined) this.#unread.add(job_id);
      if (fingerprint === undefined || this.#reported.get(job_id) === fingerprint) continue;
      this.#reported.set(job_id, fingerprint);
      this.#listener({ kind: 'job_changed', job_id });
    }
  }

  #fingerprint(jobId: string): string {
    const entry = this.#workspace.jobs.get(jobId);
    if (entry?.kind !== 'valid') return JSON.stringify(entry ?? null);
    const { revision, definition } = entry.record;
    return JSON.stringify([revision, definition, entry.state]);
  }
}

class DatabaseWatch {
  readonly #workspace: Workspace;
  readonly #listener: (change: Change) => void;
  readonly #checkJobs: (jobIds: readonly string[]) => void;
  readonly #runs: RunTracker;
  readonly #timer: NodeJS.Timeout;
  #newest: NewestRows;
  #dbVersion: string;
  #scheduler: string;
  #workers: string;
  #round = 0;

  constructor(
    workspace: Workspace,
    listener: (change: Change) => void,
    checkJobs: (jobIds: readonly string[]) => void,
  ) {
    this.#workspace = workspace;
    this.#listener = listener;
    this.#checkJobs = checkJobs;
    this.#dbVersion = workspace.db.changeVersion();
    this.#newest = workspace.runs.newest();
    this.#runs = new RunTracker(workspace.runs.active());
    this.#scheduler = this.#schedulerFingerprint();
    this.#workers = this.#workersFingerprint();
    this.#timer = setInterval(() => this.#tryPoll(), POLL_INTERVAL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Skips a poll while the database cannot be read; later polls report what happened. */
  #tryPoll(): void {
    try {
      this.#poll();
    } catch (error) {
      if (!(error instanceof QuickscrapeError) || error.code !== 'store_unavailable') throw error;
    }
  }

  #poll(): void {
    this.#round += 1;
    if (this.#round % RECONCILE_EVERY === 0) this.#reconcileRuns();
    const version = this.#workspace.db.changeVersion();
    const moved = version !== this.#dbVersion;
    this.#dbVersion = version;
    if (this.#round % RECONCILE_EVERY === 0) this.#checkJobs([]);
    if (moved || this.#round % RECONCILE_EVERY === 0) {
      this.#checkScheduler();
      this.#checkWorkers();
    }
    if (moved) this.#checkRuns();
  }

  /**
   * A running scheduler reconciles runs itself. Without one, this process may be the only one that can detect a dead
   * worker.
   */
  #reconcileRuns(): void {
    if (this.#runs.size > 0 && !canStartRuns(this.#workspace.db)) reconcileRuns(this.#workspace);
  }

  #checkRuns(): void {
    const { db, runs } = this.#workspace;
    // Read first: a run that is written in between is then reported in the next poll, perhaps twice, but is never
    // missed.
    const newest = runs.newest();
    this.#reportRuns([...this.#runs.running, ...listRunning(db).map(({ runId }) => runId)]);
    this.#newest = newest;
    if (!this.#runs.hasSameWaiting(runs.waitingSums())) this.#reportRuns(this.#runs.outdated(runs.waiting()));
  }

  #reportRuns(ids: readonly string[]): void {
    const { runs, clock } = this.#workspace;
    for (const { run, how } of this.#runs.update(ids, runs.since(this.#newest, ids))) {
      this.#listener({ kind: `run_${how}`, run: toRunDict(run, clock.now()) });
      if (how === 'changed') this.#checkJobs([run.jobId]);
    }
  }

  #checkScheduler(): void {
    const fingerprint = this.#schedulerFingerprint();
    if (fingerprint === this.#scheduler) return;
    this.#scheduler = fingerprint;
    this.#listener({
      kind: 'scheduler_changed',
      scheduler: toSchedulerOutput(schedulerStatus(this.#workspace)),
    });
  }

  #checkWorkers(): void {
    const fingerprint = this.#workersFingerprint();
    if (fingerprint === this.#workers) return;
    this.#workers = fingerprint;
    this.#listener({ kind: 'workers_changed' });
  }

  /** Without what changes with each sign of life: when a worker was heard, and its clock. */
  #workersFingerprint(): string {
    try {
      return JSON.stringify(listWorkers(this.#workspace).map(({ lastSeen, skewMs, ...worker }) => worker));
    } catch (error) {
      if (!(error instanceof QuickscrapeError) || error.code !== 'invalid_config') throw error;
      return error.message;
    }
  }

  #schedulerFingerprint(): string {
    const { process, since, stopRequested } = findLeaseHolder(this.#workspace.db) ?? {};
    return JSON.stringify([process?.pid, process?.start, since, stopRequested]);
  }
}
