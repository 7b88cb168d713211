import { describeDiskShortage } from '../../../core/execution/start-limits.ts';
import { findLeaseHolder } from '../../../core/lease/lease.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { type ExecutorView, readExecutorView } from '../../../core/scheduler/executor-view.ts';
import type { SettingKey, SettingValues } from '../../../core/settings/setting-rules.ts';
import type { Workspace } from '../../../core/workspace.ts';
import type { SchedulerView, SettingsView } from '../../home/home-data.ts';

/** Reads the home's scheduler, and how many runs wait or use a slot. */
export function readScheduler(
  { db, paths, runs }: Pick<Workspace, 'db' | 'paths' | 'runs'>,
  view: SettingsView,
  warnings: readonly string[],
): SchedulerView {
  const holder = findLeaseHolder(db);
  const { running, waiting } = runs.activeCounts();
  const settings = settingsOf(view);
  return {
    state: holder === undefined ? 'off' : holder.stopRequested === null ? 'running' : 'stopping',
    pid: holder?.process.pid ?? null,
    since: holder?.since ?? null,
    version: holder?.version ?? null,
    slots: holder?.slots ?? view.values.max_concurrent_runs,
    slotsUsed: running,
    queued: waiting,
    held: describeDiskShortage({ paths, settings }) ?? null,
    warnings,
  };
}

/** Reads where runs are executed; the same object as before when nothing of it has changed. */
export function readExecutor(
  { db, paths, clock }: Pick<Workspace, 'db' | 'paths' | 'clock'>,
  view: SettingsView,
  { isRunning, before }: { isRunning: boolean; before: ExecutorView | undefined },
): ExecutorView {
  const now = readExecutorView({ db, paths, clock, settings: settingsOf(view) }, isRunning);
  return before !== undefined && isEqual(before, now) ? before : now;
}

/** The settings as they were last read: their file may have a mistake now. */
function settingsOf({ values }: SettingsView) {
  return { get: <K extends SettingKey>(key: K): SettingValues[K] => values[key] };
}

/**
 * Reads the settings; the same object as before when they are the same. While their file has a mistake or cannot be
 * read, the values before it stay.
 * @throws QuickscrapeError `invalid_config` and `store_unavailable` when there are no values before it
 */
export function readSettings(
  { settings }: Pick<Workspace, 'settings'>,
  before: SettingsView | undefined,
): SettingsView {
  const now = readOr(before, () => {
    const entries = settings.all().map(({ key, value }) => [key, value] as const);
    return { values: Object.fromEntries(entries) as SettingValues, problem: null };
  });
  return before !== undefined && isEqual(before, now) ? before : now;
}

function readOr(before: SettingsView | undefined, read: () => SettingsView): SettingsView {
  try {
    return read();
  } catch (error) {
    // Where the whole home cannot be read, its other files tell.
    const isAboutFile =
      error instanceof QuickscrapeError && ['invalid_config', 'store_unavailable'].includes(error.code);
    if (!isAboutFile || before === undefined) throw error;
    return { ...before, problem: error.message };
  }
}

/** Compares plain data. */
export function isEqual<T extends SchedulerView | SettingsView | ExecutorView>(one: T, other: T): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
