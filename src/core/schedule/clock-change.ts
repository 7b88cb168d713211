import { zoneOffset } from './instant.ts';

/** One change of a zone's clocks; all in milliseconds. */
export interface ClockChange {
  /** The instant from which the new offset counts, epoch ms. */
  at: number;
  /** How far the zone was ahead of UTC before, and is from then on. */
  before: number;
  after: number;
}

const DAY = 86_400_000;
// No zone keeps an offset for less than a few weeks, so a change cannot hide between two looks.
const STEP = 4 * DAY;
const LONGEST = 40 * 366 * DAY;

/** The changes of the clocks of `timeZone` in `(from, to]` (epoch ms), in order; at most 40 years are searched. */
export function clockChanges(from: number, to: number, timeZone: string): ClockChange[] {
  const changes: ClockChange[] = [];
  const end = Math.min(to, from + LONGEST);
  let before = zoneOffset(from, timeZone);
  for (let low = from; low < end; low += STEP) {
    const high = Math.min(low + STEP, end);
    const after = zoneOffset(high, timeZone);
    if (after !== before) changes.push({ at: changeBetween(low, high, before, timeZone), before, after });
    before = after;
  }
  return changes;
}

function changeBetween(from: number, to: number, before: number, timeZone: string): number {
  let low = Math.floor(from / 1000) * 1000;
  let high = Math.ceil(to / 1000) * 1000;
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (zoneOffset(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return high;
}
