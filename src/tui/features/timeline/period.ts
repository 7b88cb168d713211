import { zoneOffset } from '../../../core/schedule/engine/instant.ts';
import type { CellPeriod, TimelineSpan } from './model.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const LENGTH: Record<TimelineSpan, number> = { day: 24 * HOUR, week: 168 * HOUR };

/** Cell lengths in ms that let cells start on whole hours (or days). */
const CELLS: Record<TimelineSpan, readonly number[]> = {
  day: [5, 10, 15, 20, 30, 60, 120, 180, 240, 360].map((minutes) => minutes * MINUTE),
  week: [1, 2, 3, 4, 6, 12, 24].map((hours) => hours * HOUR),
};

/** The end of a period, exclusive. */
export function periodEnd({ from, step, cells }: CellPeriod): number {
  return from + step * cells;
}

/** The cell of an instant; below 0, or from `cells` on, when it is outside. */
export function cellAt({ from, step }: CellPeriod, at: number): number {
  return Math.floor((at - from) / step);
}

/** The instant at which a cell starts. */
export function cellStart({ from, step }: CellPeriod, cell: number): number {
  return from + cell * step;
}

/** The cells for a span of time in a width: the shortest that fit. Remaining width shows more time. */
export function cellsFor(span: TimelineSpan, width: number): { step: number; cells: number } {
  const cells = Math.max(1, width);
  const step = CELLS[span].find((length) => length * cells >= LENGTH[span]) ?? CELLS[span].at(-1) ?? HOUR;
  return { step, cells };
}

/**
 * The last instant not after `at` at which a zone's local time is a whole multiple of `step`, counted from midnight.
 * @param step in ms; a divisor or multiple of a day
 */
export function floorToStep(at: number, step: number, timeZone: string): number {
  const offset = zoneOffset(at, timeZone);
  const wall = Math.floor((at + offset) / step) * step;
  // A clock change may be between that instant and `at`.
  const begin = wall - zoneOffset(wall - offset, timeZone);
  return begin <= at ? begin : wall - offset;
}

/** The period around `now` before the user scrolls, with as much past as future. It moves by whole hours. */
export function periodAround(now: number, span: TimelineSpan, width: number, timeZone: string): CellPeriod {
  const { step, cells } = cellsFor(span, width);
  const half = Math.floor(cells / 2) * step;
  return { from: floorToStep(now - half, Math.max(step, HOUR), timeZone), step, cells };
}
