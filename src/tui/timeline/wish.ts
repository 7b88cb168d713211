import type { CellPeriod } from './period.ts';
import { cursorOf, shownPeriod, type TimelineSlice, type TimelineView } from './slice.ts';

/** What is to be read; plain data, so that it can stand in an effect. */
export interface TimelineWish {
  /** What is shown, and so much again on both sides of it. */
  readonly period: CellPeriod;
  /** The jobs whose rows are shown. */
  readonly jobIds: readonly string[];
}

/**
 * The wish for what is shown: its time and at least as much on both sides, so that a cursor can go to what lies just
 * outside; and whole screens of jobs. The same as long as one scrolls little.
 */
export function timelineWish(slice: TimelineSlice, view: TimelineView): TimelineWish {
  const { from, step, cells } = shownPeriod(slice, view);
  const screen = step * cells;
  const into = Math.floor((((from % screen) + screen) % screen) / step) * step;
  const { top } = cursorOf(slice, view);
  const first = Math.floor(top / view.height) * view.height;
  return {
    period: { from: from - into - screen, step, cells: 4 * cells },
    jobIds: view.jobs.slice(first, first + 2 * view.height).map(({ id }) => id),
  };
}
