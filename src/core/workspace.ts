import { ConfigStore } from './configs/config-store.ts';
import { QuickscrapeDatabase } from './database/database.ts';
import { isHome, isHomeNamed, requireHome } from './fs/existing-home.ts';
import { type HomeChoice, type HomePaths, makeHome, resolveHome } from './fs/paths.ts';
import { refuseUnsafeHome } from './fs/unsafe-home.ts';
import { JobStore } from './jobs/job-store.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { type FormatHint, formatCommandHint } from './lib/hints.ts';
import type { Actor } from './model/definition.ts';
import { RunStore } from './runs/run-store.ts';
import { Settings } from './settings/settings.ts';

/** An open home folder: the one object that interfaces hold. */
export interface Workspace {
  readonly paths: HomePaths;
  readonly clock: Clock;
  /** Who writes: stands in `created_by` and `updated_by`. */
  readonly actor: Actor;
  /** The words of the interface that holds it. */
  readonly formatHint: FormatHint;
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
  /** Default: the words of the command line. */
  formatHint?: FormatHint;
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
    formatHint: options.formatHint ?? formatCommandHint,
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
