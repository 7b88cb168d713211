import { type Clock, systemClock } from './clock.ts';
import type { Actor } from './job/definition.ts';
import { type HomeChoice, type HomePaths, makeHome, resolveHome } from './paths.ts';
import { QuickscrapeDatabase } from './run/database.ts';
import { RunStore } from './run/run-store.ts';
import { ConfigStore } from './store/configs.ts';
import { JobStore } from './store/job-store.ts';
import { Settings } from './store/settings.ts';
import { refuseUnsafeHome } from './unsafe-home.ts';

/** An open home folder: the one object that faces hold. */
export interface Workspace {
  readonly paths: HomePaths;
  readonly clock: Clock;
  /** Who writes: stands in `created_by` and `updated_by`. */
  readonly actor: Actor;
  readonly db: QuickscrapeDatabase;
  readonly jobs: JobStore;
  readonly configs: ConfigStore;
  readonly settings: Settings;
  readonly runs: RunStore;
  /** Gives the database back; keeps nothing open, keeps Node alive for nothing. */
  close(): void;
}

export interface WorkspaceOptions extends HomeChoice {
  actor: Actor;
  clock?: Clock;
  /** Leaves folders that are missing as they are: for who is called into a home that somebody has open. */
  asItIs?: boolean;
}

/**
 * Opens a home, making its folders when they are not there.
 * @throws QuickscrapeError `store_unavailable` when the home cannot be made, read or written; `not_allowed` when others
 *   can write it
 */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const paths = resolveHome(options);
  if (!options.asItIs) makeHome(paths);
  refuseUnsafeHome(paths);
  const clock = options.clock ?? systemClock;
  const db = new QuickscrapeDatabase(paths.database);
  const settings = new Settings(paths);
  const jobs = new JobStore({ paths, db, clock, settings });
  return {
    paths,
    clock,
    actor: options.actor,
    db,
    settings,
    configs: new ConfigStore(paths),
    jobs,
    runs: new RunStore(db),
    close() {
      jobs.close();
      db.close();
    },
  };
}
