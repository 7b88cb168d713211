import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import type { UpcomingStarts } from '../../../core/schedule/upcoming-starts.ts';

declare module '../../kernel/model.ts' {
  interface Preferences {
    readonly timelineSpan: TimelineSpan;
  }
  interface State {
    timeline: TimelineState;
  }
  interface ViewParams {
    timeline: object;
  }
  interface EventKinds {
    /** What was read for the timeline. */
    timeline: { data: TimelineData };
  }
  interface SubscriptionKinds {
    /** `timeline` events: what ran and what comes in a period. */
    timeline: { query: TimelineQuery };
  }
}

/** What of the timeline is remembered between two inputs. */
export interface TimelineSlice {
  readonly span: TimelineSpan;
  /** The left edge, epoch ms; `null`: the period goes along with the time. */
  readonly from: number | null;
  /** The instant under the cursor, epoch ms; `null`: now. */
  readonly at: number | null;
  readonly sort: TimelineSort;
  /** The job under the cursor, and its row while it is not among those that are shown. */
  readonly jobId: string | null;
  readonly row: number;
  /** The row at the top. */
  readonly top: number;
  /** Which entry is chosen in the list of what is under the cursor; `null` while that is not open. */
  readonly entry: number | null;
}

export type TimelineSort = 'next' | 'id';

export const EMPTY_TIMELINE: TimelineSlice = {
  span: 'day',
  from: null,
  at: null,
  sort: 'next',
  jobId: null,
  row: 0,
  top: 0,
  entry: null,
};

/** A job of the timeline; `nextRun` in epoch ms. */
export interface TimelineJob {
  readonly id: string;
  readonly nextRun: number | null;
}

/** What was read for the rows that are shown and what lies around them; by job. */
export interface TimelineData {
  /** What was read: more than is shown, in the same steps. */
  readonly period: CellPeriod;
  readonly jobIds: readonly string[];
  readonly runs: ReadonlyMap<string, readonly TimelineRun[]>;
  readonly upcoming: ReadonlyMap<string, readonly UpcomingStarts[]>;
  /** How many runs of all jobs there are at once, by the steps of `period`. */
  readonly concurrent: Uint32Array;
  readonly slots: number;
}

/** What the timeline is shown in and of. */
export interface TimelineView {
  readonly now: number;
  readonly timeZone: string;
  /** Columns of the strips, and rows of jobs. */
  readonly width: number;
  readonly height: number;
  /** Those that pass the filter, in the order of {@link sortTimeline}. */
  readonly jobs: readonly TimelineJob[];
  readonly data: TimelineData | undefined;
}

export type TimelineEvent =
  /** By cells, and to the next thing that happens in the job. */
  | { kind: 'cell'; by: number }
  | { kind: 'event'; direction: 1 | -1 }
  | { kind: 'row'; by: number }
  /** Scrolls the period. */
  | { kind: 'pan'; by: number; unit: 'hour' | 'day' }
  | { kind: 'now' }
  | { kind: 'span' }
  | { kind: 'sort' }
  /** The list of what is under the cursor. */
  | { kind: 'list' | 'close' }
  | { kind: 'entry'; by: number };

/** How much of time the timeline shows. */
export type TimelineSpan = 'day' | 'week';

/** What a row of cells stands for: cell i is `[from + i * step, from + (i + 1) * step)`, epoch ms. */
export interface CellPeriod {
  from: number;
  step: number;
  cells: number;
}

/** What is to be read; plain data, so that it can stand in an effect. */
export interface TimelineQuery {
  /** What is shown, and so much again on both sides of it. */
  readonly period: CellPeriod;
  /** The jobs whose rows are shown. */
  readonly jobIds: readonly string[];
}

/** The timeline: where one is in it, and what was read last. */
export interface TimelineState {
  slice: TimelineSlice;
  data: TimelineData | undefined;
}

export const INITIAL_TIMELINE: TimelineState = { slice: EMPTY_TIMELINE, data: undefined };
