import type { Actor } from '../../core/model/definition.ts';
import { memoize } from '../ui/memoize.ts';
import type { ActiveRun } from './active-run.ts';
import type { JobRow } from './job-row.ts';

/** What the dashboard knows of a home; never changed in place. Instants are epoch milliseconds. */
export interface HomeData {
  /** All jobs, those with unusable files among them, sorted by id. A row that has not changed is the same object. */
  readonly jobs: readonly JobRow[];
  /** The runs under way; those that wait are with their jobs. */
  readonly runs: readonly ActiveRun[];
  readonly scheduler: SchedulerView;
  /** When it was read. */
  readonly readAt: number;
  /** Set while the store cannot be read: since when the rest is out of date, and why. */
  readonly stale: { readonly since: number; readonly reason: string } | null;
  /** What was lost of the database lately, and when. */
  readonly loss: { readonly at: number; readonly text: string } | null;
}

export interface SchedulerView {
  readonly state: 'running' | 'stopping' | 'off';
  readonly pid: number | null;
  readonly since: number | null;
  readonly version: string | null;
  /** Runs that may go on at once. */
  readonly slots: number;
  /** How many do. */
  readonly slotsUsed: number;
  /** Runs that wait for a slot or a retry. */
  readonly queued: number;
  /** Why no run starts although it is due, in words. */
  readonly held: string | null;
  /** What somebody should see to, in words. */
  readonly warnings: readonly string[];
}

/** Who did something: an actor, the scheduler, or nobody knows. */
export type Author = Actor | 'scheduler' | null;

/** Something that happened to a job, for the pulse of its row and the list of notices. */
export interface ActivityEntry {
  /** What the list and the notices decide by; `text` is for people. */
  readonly what: 'created' | 'deleted' | 'cancelled' | 'other';
  /** Epoch milliseconds. */
  readonly at: number;
  /** `null` for what concerns the home: the scheduler, a configuration. */
  readonly jobId: string | null;
  readonly runId: string | null;
  readonly by: Author;
  readonly tone: 'good' | 'bad' | 'plain';
  /** A sentence without its subject: `edited: schedule, tags`. */
  readonly text: string;
}

/** The event by which the dashboard hears of its home. */
export interface HomeEvent {
  readonly kind: 'home';
  readonly data: HomeData;
  /** The ids of the jobs that are new, other or gone. */
  readonly changed: readonly string[];
  readonly activity: readonly ActivityEntry[];
}

/** The row of a job. */
export function findJobRow(jobs: readonly JobRow[], id: string | null): JobRow | undefined {
  return id === null ? undefined : jobs[findJobIndex(jobs, id) ?? -1];
}

/** Where the row of a job is, found by halving: the rows are sorted by id. */
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

const HOUR = 3_600_000;

/** How many jobs are due within an hour, or are overdue. */
export function countDueSoon(jobs: readonly JobRow[], now: number): number {
  const times = nextRunsOf(jobs);
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= now + HOUR) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the first of them runs next; `undefined` when none does. */
export function firstNextRun(jobs: readonly JobRow[]): number | undefined {
  return nextRunsOf(jobs)[0];
}

/** When the jobs run next, in order: each frame asks. */
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
