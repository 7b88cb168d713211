import type { CellPeriod } from './cell-period.ts';
import { currentCursor, type TimelineSlice, type TimelineView, visiblePeriod } from './timeline-slice.ts';

/** What is to be read; plain data, so that it can stand in an effect. */
export interface TimelineQuery {
  /** What is shown, and so much again on both sides of it. */
  readonly period: CellPeriod;
  /** The jobs whose rows are shown. */
  readonly jobIds: readonly string[];
}

/**
 * The wish for what is shown: its time and at least as much on both sides, so that a cursor can go to what lies just
 * outside; and whole screens of jobs. The same as long as one scrolls little.
 */
export function timelineQuery(slice: TimelineSlice, view: TimelineView): TimelineQuery {
  const { from, step, cells } = visiblePeriod(slice, view);
  const screen = step * cells;
  const rowsInto = Math.floor((((from % screen) + screen) % screen) / step) * step;
  const { top } = currentCursor(slice, view);
  const first = Math.floor(top / view.height) * view.height;
  return {
    period: { from: from - rowsInto - screen, step, cells: 4 * cells },
    jobIds: view.jobs.slice(first, first + 2 * view.height).map(({ id }) => id),
  };
}
