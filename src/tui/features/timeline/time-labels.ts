import { type WallClock, wallClock } from '../../../core/schedule/engine/instant.ts';
import { hourAndMinute, monthOf, weekdayOf } from '../../ui/time/format-date-time.ts';
import type { CellPeriod } from './model.ts';
import { cellAt, periodEnd } from './period.ts';

const QUARTER = 900_000;
const HOUR = 4 * QUARTER;

/** `Thu 26 Nov 14:15`, in a given time zone. */
export function formatDayAndTime(at: number, timeZone: string): string {
  const wall = wallClock(at, timeZone);
  return `${formatDay(wall, true)} ${hourAndMinute(wall)}`;
}

/** A text that starts at a cell. */
export interface CellLabel {
  cell: number;
  text: string;
}

/** The labels above a row of cells: the starts of days and hours. */
export interface TimeLabels {
  days: CellLabel[];
  hours: CellLabel[];
}

/**
 * The labels of a period in a time zone, including clock changes: an hour that does not exist has no label, and a
 * repeated hour has two. Labels do not touch. Days without space are left out.
 */
export function computeTimeLabels(period: CellPeriod, timeZone: string): TimeLabels {
  const days: CellLabel[] = [];
  const hours: CellLabel[] = [];
  const every = hourStep(period.step);
  let before: WallClock | undefined;
  // Clocks change at whole quarters of an hour, so every hour and day starts at one.
  for (let at = Math.ceil(period.from / QUARTER) * QUARTER; at < periodEnd(period); at += QUARTER) {
    const wall = wallClock(at, timeZone);
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
  return [1, 2, 3, 6, 12].find((hours) => (hours * HOUR) / step >= 6);
}

function addDay(days: CellLabel[], cell: number, wall: WallClock, period: CellPeriod): void {
  const last = days.at(-1);
  // The label of the first, partial day is removed if it would leave no space for the next one.
  if (last !== undefined && days.length === 1 && last.cell === 0 && cell <= last.text.length) days.pop();
  const long = formatDay(wall, 86_400_000 / period.step >= 11);
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
export function formatDay(wall: WallClock, long: boolean): string {
  const short = `${weekdayOf(wall)} ${wall.day}`;
  return long ? `${short} ${monthOf(wall)}` : short;
}
