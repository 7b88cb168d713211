import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import type { UpcomingStarts } from '../../../core/schedule/start-forecast.ts';

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
    /** The data of the timeline. */
    timeline: { data: TimelineData };
  }
  interface SubscriptionKinds {
    /** `timeline` events: the runs and the occurrences in a period. */
    timeline: { query: TimelineQuery };
  }
}

/** The position in the timeline, kept between inputs. */
export interface TimelineSlice {
  readonly span: TimelineSpan;
  /** The left edge, epoch ms; `null`: the period moves with the current time. */
  readonly from: number | null;
  /** The instant under the cursor, epoch ms; `null`: now. */
  readonly at: number | null;
  readonly sort: TimelineSort;
  /** The job under the cursor, and its row to use when the job is no longer shown. */
  readonly jobId: string | null;
  readonly row: number;
  /** The top row. */
  readonly top: number;
  /** The chosen entry in the list of what is under the cursor; `null` while the list is closed. */
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

/** The data for the visible rows and their surroundings, by job. */
export interface TimelineData {
  /** The period that was read. It is longer than the visible one and has the same step. */
  readonly period: CellPeriod;
  readonly jobIds: readonly string[];
  readonly runs: ReadonlyMap<string, readonly TimelineRun[]>;
  readonly upcoming: ReadonlyMap<string, readonly UpcomingStarts[]>;
  /** The number of concurrent runs of all jobs, for each step of `period`. */
  readonly concurrent: Uint32Array;
}

/** The screen area and the content of the timeline. */
export interface TimelineView {
  readonly now: number;
  readonly timezone: string;
  /** The columns of the strips, and the rows of jobs. */
  readonly width: number;
  readonly height: number;
  /** The jobs that pass the filter, in the order of {@link sortTimeline}. */
  readonly jobs: readonly TimelineJob[];
  readonly data: TimelineData | undefined;
}

export type TimelineEvent =
  /** Moves by cells, or to the next event of the job. */
  | { kind: 'cell'; by: number }
  | { kind: 'event'; direction: 1 | -1 }
  | { kind: 'row'; by: number }
  /** Scrolls the period. */
  | { kind: 'pan'; by: number; unit: 'hour' | 'day' }
  | { kind: 'now' }
  | { kind: 'span' }
  | { kind: 'sort' }
  /** Opens or closes the list of what is under the cursor. */
  | { kind: 'list' | 'close' }
  | { kind: 'entry'; by: number };

/** The length of the visible time. */
export type TimelineSpan = 'day' | 'week';

/** The time range of a row of cells: cell i is `[from + i * step, from + (i + 1) * step)`, epoch ms. */
export interface CellPeriod {
  from: number;
  step: number;
  cells: number;
}

/** The data to read. Plain data, so that it can be part of an effect. */
export interface TimelineQuery {
  /** The visible period, extended on both sides. */
  readonly period: CellPeriod;
  /** The visible jobs. */
  readonly jobIds: readonly string[];
}

/** The timeline: the position, and the data that was read last. */
export interface TimelineState {
  slice: TimelineSlice;
  data: TimelineData | undefined;
}

export const INITIAL_TIMELINE: TimelineState = { slice: EMPTY_TIMELINE, data: undefined };
