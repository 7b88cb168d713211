import type { TimelineRun } from '../../core/runs/runs-in-period.ts';
import type { UpcomingStarts } from '../../core/schedule/upcoming-starts.ts';
import { clamp, scrollIntoView } from '../state/scroll.ts';
import {
  type CellPeriod,
  cellAt,
  cellStart,
  cellsFor,
  floorToStep,
  periodAround,
  type TimelineSpan,
} from './cell-period.ts';
import { entriesAt, nextEvent, type TimelineEntry } from './timeline-entries.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** So far from now one can scroll, either way. */
const MAX_DISTANCE_MS = 31 * DAY;

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

/** Jobs in the order of the timeline: what is due next comes first, then by id. */
export function sortTimeline(jobs: readonly TimelineJob[], sort: TimelineSort): TimelineJob[] {
  const due = ({ nextRun }: TimelineJob) => nextRun ?? Number.POSITIVE_INFINITY;
  const byId = (a: TimelineJob, b: TimelineJob) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  if (sort === 'id') return [...jobs].sort(byId);
  return [...jobs].sort((a, b) => (due(a) < due(b) ? -1 : due(a) > due(b) ? 1 : byId(a, b)));
}

/** The period that is shown. */
export function visiblePeriod(
  { span, from }: TimelineSlice,
  { now, width, timeZone }: TimelineView,
): CellPeriod {
  if (from === null) return periodAround(now, span, width, timeZone);
  return { from, ...cellsFor(span, width) };
}

/** The cell and the row under the cursor, and the row at the top; the row is -1 when there are no jobs. */
export function currentCursor(
  slice: TimelineSlice,
  view: TimelineView,
): { cell: number; row: number; top: number } {
  const period = visiblePeriod(slice, view);
  const cell = clamp(cellAt(period, slice.at ?? view.now), 0, period.cells - 1);
  const isThere = view.jobs[slice.row]?.id === slice.jobId;
  const known = isThere ? slice.row : view.jobs.findIndex(({ id }) => id === slice.jobId);
  const row = known >= 0 ? known : Math.min(slice.row, view.jobs.length - 1);
  return { cell, row, top: topFor(slice.top, row, view) };
}

/** The jobs whose rows are shown. */
export function visibleJobs(slice: TimelineSlice, view: TimelineView): readonly TimelineJob[] {
  const { top } = currentCursor(slice, view);
  return view.jobs.slice(top, top + view.height);
}

/** What is under the cursor, in the order of time. */
export function entriesUnderCursor(slice: TimelineSlice, view: TimelineView): TimelineEntry[] {
  const { cell, row } = currentCursor(slice, view);
  return entriesAt(visiblePeriod(slice, view), cell, dataOf(view, row), view.now);
}

/** The state after an event; what leads nowhere changes nothing. */
export function reduceTimeline(
  slice: TimelineSlice,
  view: TimelineView,
  event: TimelineEvent,
): TimelineSlice {
  switch (event.kind) {
    case 'cell':
      return toInstant(
        closed(slice),
        view,
        cellStart(visiblePeriod(slice, view), currentCursor(slice, view).cell + event.by),
      );
    case 'event': {
      const { cell, row } = currentCursor(slice, view);
      const at = nextEvent(visiblePeriod(slice, view), cell, dataOf(view, row), event.direction);
      return at === undefined ? slice : toInstant(closed(slice), view, at);
    }
    case 'row':
      return toRow(closed(slice), view, currentCursor(slice, view).row + event.by);
    case 'pan':
      return panned(closed(slice), view, event.by * (event.unit === 'hour' ? HOUR : DAY));
    case 'now':
      return { ...closed(slice), from: null, at: null };
    case 'span':
      // The other length of time, around what is under the cursor.
      return around({ ...closed(slice), span: slice.span === 'day' ? 'week' : 'day', from: null }, view);
    case 'sort':
      return { ...closed(slice), sort: slice.sort === 'next' ? 'id' : 'next' };
    case 'list':
      return entriesUnderCursor(slice, view).length === 0 ? slice : { ...slice, entry: 0 };
    case 'close':
      return closed(slice);
    case 'entry': {
      const last = entriesUnderCursor(slice, view).length - 1;
      return slice.entry === null
        ? slice
        : { ...slice, entry: clamp(slice.entry + event.by, 0, Math.max(0, last)) };
    }
    default:
      return event satisfies never;
  }
}

const NO_DATA = { runs: [], upcoming: [] };

function dataOf({ jobs, data }: TimelineView, row: number) {
  const id = jobs[row]?.id;
  if (id === undefined || data === undefined) return NO_DATA;
  return { runs: data.runs.get(id) ?? [], upcoming: data.upcoming.get(id) ?? [] };
}

function closed(slice: TimelineSlice): TimelineSlice {
  return slice.entry === null ? slice : { ...slice, entry: null };
}

/** Puts the cursor there; the period moves along when that is outside of it. */
function toInstant(slice: TimelineSlice, view: TimelineView, at: number): TimelineSlice {
  const target = clamp(at, view.now - MAX_DISTANCE_MS, view.now + MAX_DISTANCE_MS);
  const period = visiblePeriod(slice, view);
  const cell = cellAt(period, target);
  const moved = { ...slice, at: target };
  if (cell < 0) return { ...moved, from: cellStart(period, cell) };
  if (cell >= period.cells) return { ...moved, from: cellStart(period, cell - period.cells + 1) };
  return moved;
}

function toRow(slice: TimelineSlice, view: TimelineView, requested: number): TimelineSlice {
  if (view.jobs.length === 0) return slice;
  const row = clamp(requested, 0, view.jobs.length - 1);
  return { ...slice, jobId: view.jobs[row]?.id ?? null, row, top: topFor(slice.top, row, view) };
}

/** The cursor stays in its column. */
function panned(slice: TimelineSlice, view: TimelineView, by: number): TimelineSlice {
  const period = visiblePeriod(slice, view);
  // A cell may be longer than what one asks for.
  const far = Math.abs(by) < period.step ? Math.sign(by) * period.step : by;
  const requested = clamp(
    period.from + far,
    view.now - MAX_DISTANCE_MS,
    view.now + MAX_DISTANCE_MS - period.step * period.cells,
  );
  const from = floorToStep(requested, Math.min(period.step, HOUR), view.timeZone);
  const { cell } = currentCursor(slice, view);
  return { ...slice, from, at: from + cell * period.step };
}

function around(slice: TimelineSlice, view: TimelineView): TimelineSlice {
  if (slice.at === null) return slice;
  return { ...slice, from: periodAround(slice.at, slice.span, view.width, view.timeZone).from };
}

function topFor(top: number, row: number, { height, jobs }: TimelineView): number {
  return scrollIntoView(row, top, height, jobs.length);
}
