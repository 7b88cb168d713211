/** One change of a zone's clocks; all values in milliseconds. */
export interface OffsetTransition {
  /** The instant from which the new offset applies, epoch ms. */
  at: number;
  /** How far the zone is ahead of UTC before and after the change. */
  before: number;
  after: number;
}

const DAY = 86_400_000;
// No zone keeps an offset for less than seven days (Recife in 2000, Gaza in 2040), so no change hides between two
// samples.
const STEP = 6 * DAY;
const MAX_SEARCH_MS = 40 * 366 * DAY;

/** How far a zone is ahead of UTC at an instant, both in milliseconds. */
export type OffsetAt = (at: number, timeZone: string) => number;

/**
 * Returns the clock changes of `timeZone` in `(from, to]` (epoch ms), in order. At most 40 years are searched.
 * @param offsetAt the source of the offsets; `zoneOffset` uses Node's data
 */
export function findOffsetTransitions(
  from: number,
  to: number,
  timeZone: string,
  offsetAt: OffsetAt,
): OffsetTransition[] {
  const changes: OffsetTransition[] = [];
  const end = Math.min(to, from + MAX_SEARCH_MS);
  let before = offsetAt(from, timeZone);
  for (let low = from; low < end; low += STEP) {
    const high = Math.min(low + STEP, end);
    const after = offsetAt(high, timeZone);
    if (after !== before) {
      const at = findTransition(low, high, (instant) => offsetAt(instant, timeZone) === before);
      changes.push({ at, before, after });
    }
    before = after;
  }
  return changes;
}

function findTransition(from: number, to: number, isBefore: (at: number) => boolean): number {
  let low = Math.floor(from / 1000) * 1000;
  let high = Math.ceil(to / 1000) * 1000;
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (isBefore(middle)) low = middle;
    else high = middle;
  }
  return high;
}
