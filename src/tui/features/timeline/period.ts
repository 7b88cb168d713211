import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/lib/clock.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { type WallClock, wallClock, zoneOffset } from '../../../core/schedule/engine/instant.ts';
import { formatDateTime, hourAndMinute, monthOf, weekdayOf } from '../../ui/format.ts';
import type { CellPeriod, TimelineSpan } from './model.ts';

const LENGTH: Record<TimelineSpan, number> = { day: 24 * HOUR_MS, week: 168 * HOUR_MS };

/** Cell lengths in ms that let cells start on whole hours (or days). */
const CELLS: Record<TimelineSpan, readonly number[]> = {
  day: [5, 10, 15, 20, 30, 60, 120, 180, 240, 360].map((minutes) => minutes * MINUTE_MS),
  week: [1, 2, 3, 4, 6, 12, 24].map((hours) => hours * HOUR_MS),
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
  const step = CELLS[span].find((length) => length * cells >= LENGTH[span]) ?? CELLS[span].at(-1) ?? HOUR_MS;
  return { step, cells };
}

/**
 * The last instant not after `at` at which a zone's local time is a whole multiple of `step`, counted from midnight.
 * @param step in ms; a divisor or multiple of a day
 */
export function floorToStep(at: number, step: number, timezone: string): number {
  const offset = zoneOffset(at, timezone);
  const wall = Math.floor((at + offset) / step) * step;
  // A clock change may be between that instant and `at`.
  const begin = wall - zoneOffset(wall - offset, timezone);
  return begin <= at ? begin : wall - offset;
}

/** The period around `now` before the user scrolls, with as much past as future. It moves by whole hours. */
export function periodAround(now: number, span: TimelineSpan, width: number, timezone: string): CellPeriod {
  const { step, cells } = cellsFor(span, width);
  const half = Math.floor(cells / 2) * step;
  return { from: floorToStep(now - half, Math.max(step, HOUR_MS), timezone), step, cells };
}

const QUARTER = 900_000;

/** `Thu 26 Nov 14:15`, in a given time zone; no period is so long that the year matters. */
export function formatDayAndTime(at: number, timezone: string): string {
  return formatDateTime(at, at, timezone);
}

/** A text that starts at a cell. */
interface CellLabel {
  cell: number;
  text: string;
}

/** The labels above a row of cells: the starts of days and hours. */
interface TimeLabels {
  days: CellLabel[];
  hours: CellLabel[];
}

/**
 * The labels of a period in a time zone, including clock changes: an hour that does not exist has no label, and a
 * repeated hour has two. Labels do not touch. Days without space are left out.
 */
export function computeTimeLabels(period: CellPeriod, timezone: string): TimeLabels {
  const days: CellLabel[] = [];
  const hours: CellLabel[] = [];
  const every = hourStep(period.step);
  let before: WallClock | undefined;
  // Clocks change at whole quarters of an hour, so every hour and day starts at one.
  for (let at = Math.ceil(period.from / QUARTER) * QUARTER; at < periodEnd(period); at += QUARTER) {
    const wall = wallClock(at, timezone);
    const cell = cellAt(period, at);
    if (before === undefined || before.day !== wall.day) addDay(days, cell, wall, period);
    if (every !== undefined && wall.minute === 0 && wall.hour % every === 0)
      add(hours, cell, formatHour(wall), period);
    before = wall;
  }
  return { days, hours };
}

/** The labels as one line of `width` columns. */
export function labelLine(labels: readonly CellLabel[], width: number): string {
  let line = '';
  for (const { cell, text } of labels) line = `${line.padEnd(cell)}${text}`;
  return line.padEnd(width).slice(0, width);
}

/** The hours between two labels so that they do not touch; `undefined` when fewer than two fit in a day. */
function hourStep(step: number): number | undefined {
  return [1, 2, 3, 6, 12].find((hours) => (hours * HOUR_MS) / step >= 6);
}

function addDay(days: CellLabel[], cell: number, wall: WallClock, period: CellPeriod): void {
  const last = days.at(-1);
  // The label of the first, partial day is removed if it would leave no space for the next one.
  if (last !== undefined && days.length === 1 && last.cell === 0 && cell <= last.text.length) days.pop();
  const long = formatDay(wall, DAY_MS / period.step >= 11);
  add(days, cell, long, period);
}

function add(labels: CellLabel[], cell: number, text: string, { cells }: CellPeriod): void {
  const last = labels.at(-1);
  if (last !== undefined && cell <= last.cell + last.text.length) return;
  if (cell + text.length <= cells) labels.push({ cell, text });
}

function formatHour({ hour }: WallClock): string {
  return hourAndMinute({ hour, minute: 0 });
}

/** `Thu 26 Nov`, or a shorter form. */
function formatDay(wall: WallClock, long: boolean): string {
  const short = `${weekdayOf(wall)} ${wall.day}`;
  return long ? `${short} ${monthOf(wall)}` : short;
}

/** `Thu 26 Nov 14:15–14:30`, in a given time zone. */
export function formatCellPeriod(period: CellPeriod, cell: number, timezone: string): string {
  const begin = cellStart(period, cell);
  return `${formatDayAndTime(begin, timezone)}–${hourAndMinute(wallClock(begin + period.step, timezone))}`;
}

/** `28 hours`, `about 31 hours`, `8 days` */
export function describeLength({ step, cells }: CellPeriod): string {
  const [unit, name] = step * cells < 4 * DAY_MS ? [HOUR_MS, 'hour'] : [DAY_MS, 'day'];
  const count = (step * cells) / unit;
  const whole = Math.round(count);
  return `${whole === count ? '' : 'about '}${pluralize(whole, name)}`;
}

/** Describes the period of a timeline. */
export function describePeriod(period: CellPeriod, timezone: string): string {
  return `From ${formatDayAndTime(period.from, timezone)} to ${formatDayAndTime(periodEnd(period), timezone)}, ${timezone}`;
}
