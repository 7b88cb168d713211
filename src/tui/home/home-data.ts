import { HOUR_MS } from '../../core/lib/clock.ts';
import type { FailingChannel } from '../../core/messages/channel-health.ts';
import { ACTORS, type Actor } from '../../core/model/definition.ts';
import type { ExecutorView } from '../../core/scheduler/executor-view.ts';
import type { SettingValues } from '../../core/settings/setting-rules.ts';
import { memoize } from '../ui/memoize.ts';
import type { ActiveRun } from './active-run.ts';
import type { JobRow } from './job-row.ts';

/** The dashboard's data about a home. Immutable. Instants are epoch milliseconds. */
export interface HomeData {
  /** All jobs, including those with invalid files, sorted by id. An unchanged row stays the same object. */
  readonly jobs: readonly JobRow[];
  /** The running runs. Waiting runs are listed with their jobs. */
  readonly runs: readonly ActiveRun[];
  readonly scheduler: SchedulerView;
  /** Where runs are executed: the workers on other machines, and how they are reached. */
  readonly executor: ExecutorView;
  readonly settings: SettingsView;
  /** The channels that get no messages now, by name. */
  readonly failingChannels: readonly FailingChannel[];
  /** When the home was read. */
  readonly readAt: number;
  /** Set while the store cannot be read: since when the data are out of date, and why. */
  readonly stale: { readonly since: number; readonly reason: string } | null;
  /** The last recent data loss of the database. */
  readonly loss: { readonly at: number; readonly text: string } | null;
}

export type SchedulerState = 'running' | 'stopping' | 'off';

export interface SchedulerView {
  readonly state: SchedulerState;
  readonly pid: number | null;
  readonly since: number | null;
  readonly version: string | null;
  /** The maximum number of concurrent runs. */
  readonly slots: number;
  /** The number of running runs. */
  readonly slotsUsed: number;
  /** The number of runs that wait for a slot or a retry. */
  readonly queued: number;
  /** Why no due run starts, as a text. */
  readonly held: string | null;
  /** Warnings that need the user's attention, as texts. */
  readonly warnings: readonly string[];
}

export interface SettingsView {
  readonly values: SettingValues;
  /** The mistake in the file of settings, with its line; the values are then those before it. */
  readonly problem: string | null;
}

/** The author of a change: an actor or the scheduler; `null` when unknown. */
export type Author = Actor | 'scheduler' | null;

/** An event of a job, for the pulse of its row and for the list of activity. */
export interface ActivityEntry {
  /** The kind, by which the list and the notices decide; `text` is for people. */
  readonly what: 'created' | 'deleted' | 'cancelled' | 'channel' | 'other';
  /** Epoch milliseconds. */
  readonly at: number;
  /** `null` for events of the home: the scheduler, a configuration. */
  readonly jobId: string | null;
  readonly runId: string | null;
  readonly by: Author;
  readonly tone: 'good' | 'bad' | 'plain';
  /** A sentence without its subject: `edited: schedule, tags`. */
  readonly text: string;
}

/** The event with new data about the home. */
export interface HomeEvent {
  readonly kind: 'home';
  readonly data: HomeData;
  /** The ids of the jobs that are new, changed or gone. */
  readonly changed: readonly string[];
  readonly activity: readonly ActivityEntry[];
}

/** Returns the row of a job. */
export function findJobRow(jobs: readonly JobRow[], id: string | null): JobRow | undefined {
  return id === null ? undefined : jobs[findJobIndex(jobs, id) ?? -1];
}

/** Returns the index of a job's row by binary search: the rows are sorted by id. */
export function findJobIndex(jobs: readonly JobRow[], id: string): number | undefined {
  let low = 0;
  let high = jobs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const row = jobs[middle];
    if (row === undefined || row.id === id) return middle;
    if (row.id < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** Counts the jobs that are due within an hour or overdue. */
export function countDueSoon(jobs: readonly JobRow[], now: number): number {
  const times = nextRunsOf(jobs);
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= now + HOUR_MS) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns when the first of the jobs runs next; `undefined` when none does. */
export function firstNextRun(jobs: readonly JobRow[]): number | undefined {
  return nextRunsOf(jobs)[0];
}

/** The sorted next runs of the jobs. Memoized, because each frame needs them. */
const nextRunsOf = memoize((jobs: readonly JobRow[]) => {
  const times = new Float64Array(jobs.length);
  let known = 0;
  for (const { nextRun } of jobs) {
    if (nextRun === null) continue;
    times[known] = nextRun;
    known += 1;
  }
  return times.subarray(0, known).sort();
});

/** Why no coming run starts: `scheduler off`; `undefined` while one does, and until it is known. */
export function idleScheduler(state: SchedulerState | undefined): string | undefined {
  return state === undefined || state === 'running' ? undefined : `scheduler ${state}`;
}

/** Describes an author from the point of view of this dashboard's user; empty when the author is unknown. */
export function describeAuthor(by: Author): string {
  switch (by) {
    case 'tui':
      return 'you';
    case 'mcp':
    case 'rpc':
      return 'an agent';
    case 'hand':
      return 'an editor';
    case 'cli':
      return 'a command';
    case 'library':
      return 'a program';
    case 'scheduler':
      return 'the scheduler';
    case null:
      return '';
    default:
      return by satisfies never;
  }
}

const AUTHORS: readonly unknown[] = [...ACTORS, 'scheduler'];

/** Converts the author in a database row. */
export function toAuthor(name: string | null): Author {
  return AUTHORS.includes(name) ? (name as Author) : null;
}
