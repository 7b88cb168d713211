import { Channels } from './channels/channels.ts';
import { ConfigStore } from './configs/config-store.ts';
import { QuickscrapeDatabase } from './database/database.ts';
import { isHome, isHomeNamed, refuseUnsafeHome, requireHome } from './fs/home-folder.ts';
import { type HomeChoice, type HomePaths, makeHome, resolveHome } from './fs/paths.ts';
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
  /** The writer that is recorded in `created_by` and `updated_by`. */
  readonly actor: Actor;
  /** Formats hints in the terms of the interface. */
  readonly formatHint: FormatHint;
  readonly db: QuickscrapeDatabase;
  readonly jobs: JobStore;
  readonly configs: ConfigStore;
  readonly settings: Settings;
  readonly channels: Channels;
  readonly runs: RunStore;
  /** Whether opening created the home: the folder did not exist, or contained other things. */
  readonly isNew: boolean;
  /** Closes the database; keeps no files open and does not keep Node alive. */
  close(): void;
}

export interface WorkspaceOptions extends HomeChoice {
  actor: Actor;
  /** Default: the terms of the command line. */
  formatHint?: FormatHint;
  clock?: Clock;
  /**
   * How to treat a missing home: create it, refuse, or create it only if no home was named explicitly. Default `make`.
   */
  missing?: 'make' | 'refuse' | 'make_usual';
  /** Does not create missing folders: for processes that are called within a home that another process has open. */
  asItIs?: boolean;
}

/**
 * Opens a home and creates its missing folders.
 * @throws QuickscrapeError `home_not_found` where a missing home is refused; `store_unavailable` when the home cannot
 *   be created, read or written; `not_allowed` when other users can write it
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
    channels: new Channels(paths),
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
