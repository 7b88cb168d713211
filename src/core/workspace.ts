import { type Clock, systemClock } from './clock.ts';
import { isHome, isHomeNamed, requireHome } from './existing-home.ts';
import type { Actor } from './job/definition.ts';
import { type HomeChoice, type HomePaths, makeHome, resolveHome } from './paths.ts';
import { QuickscrapeDatabase } from './run/database.ts';
import { RunStore } from './run/run-store.ts';
import { ConfigStore } from './store/config-store.ts';
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
  /** It was made when it was opened: there was no folder, or one with other things in it. */
  readonly isNew: boolean;
  /** Gives the database back; keeps nothing open, keeps Node alive for nothing. */
  close(): void;
}

export interface WorkspaceOptions extends HomeChoice {
  actor: Actor;
  clock?: Clock;
  /**
   * What becomes of a home that is not there: it is made, refused, or made only where nobody has said which one is meant.
   * Default `make`.
   */
  missing?: 'make' | 'refuse' | 'make_usual';
  /** Leaves folders that are missing as they are: for who is called into a home that somebody has open. */
  asItIs?: boolean;
}

/**
 * Opens a home, making the folders of it that are not there.
 * @throws QuickscrapeError `home_not_found` where a missing one is refused; `store_unavailable` when the home cannot be made, read or written; `not_allowed` when others
 *   can write it
 */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const paths = resolveHome(options);
  if (options.missing === 'refuse' || (options.missing === 'make_usual' && isHomeNamed(options)))
    requireHome(paths);
  const isNew = !isHome(paths);
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
    isNew,
    close() {
      jobs.close();
      db.close();
    },
  };
}
