import { zoneOffset } from '../../../core/schedule/engine/instant.ts';
import type { CellPeriod, TimelineSpan } from './model.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const LENGTH: Record<TimelineSpan, number> = { day: 24 * HOUR, week: 168 * HOUR };

/** Lengths of a cell that keep whole hours (or days) at the beginning of a cell, in ms. */
const CELLS: Record<TimelineSpan, readonly number[]> = {
  day: [5, 10, 15, 20, 30, 60, 120, 180, 240, 360].map((minutes) => minutes * MINUTE),
  week: [1, 2, 3, 4, 6, 12, 24].map((hours) => hours * HOUR),
};

/** The end of a period, which is no longer part of it. */
export function periodEnd({ from, step, cells }: CellPeriod): number {
  return from + step * cells;
}

/** In which cell an instant lies; below 0 or from `cells` on when it lies outside. */
export function cellAt({ from, step }: CellPeriod, at: number): number {
  return Math.floor((at - from) / step);
}

/** The instant at which a cell begins. */
export function cellStart({ from, step }: CellPeriod, cell: number): number {
  return from + cell * step;
}

/** The cells that hold a span of time in a width: the shortest that fit. What is left of the width shows more time. */
export function cellsFor(span: TimelineSpan, width: number): { step: number; cells: number } {
  const cells = Math.max(1, width);
  const step = CELLS[span].find((length) => length * cells >= LENGTH[span]) ?? CELLS[span].at(-1) ?? HOUR;
  return { step, cells };
}

/**
 * The last instant not after `at` at which clocks of a zone show a whole multiple of `step`, counted from midnight.
 * @param step in ms; a divisor or multiple of a day
 */
export function floorToStep(at: number, step: number, timeZone: string): number {
  const offset = zoneOffset(at, timeZone);
  const wall = Math.floor((at + offset) / step) * step;
  // Between there and here the clocks may have changed.
  const begin = wall - zoneOffset(wall - offset, timeZone);
  return begin <= at ? begin : wall - offset;
}

/** The period around `now` that is shown while nobody has scrolled: as much past as future. It moves by whole hours. */
export function periodAround(now: number, span: TimelineSpan, width: number, timeZone: string): CellPeriod {
  const { step, cells } = cellsFor(span, width);
  const half = Math.floor(cells / 2) * step;
  return { from: floorToStep(now - half, Math.max(step, HOUR), timeZone), step, cells };
}
