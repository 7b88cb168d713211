import { DAY_MS } from '../../lib/clock.ts';

/**
 * A span of time, `[start, end)`, in which a zone's offset stays the same. The end is not always a clock change. Epoch
 * ms.
 */
interface ZoneSpan {
  start: number;
  end: number;
  /** How far the zone is ahead of UTC, in milliseconds. */
  offset: number;
}

/** The length of one search: long enough that most occurrences need no second one, and short enough to be fast. */
const BLOCK = 100 * DAY_MS;
/** Before this date every place keeps its local mean time. */
const FIRST = Date.UTC(1800, 0, 1);

/** All zones over one year need about two thousand blocks. */
const MAX_CACHED_BLOCKS = 5000;
const blocks = new Map<string, readonly ZoneSpan[]>();
/** Callers often request the same span repeatedly. */
const latest = new Map<string, ZoneSpan>();

/**
 * Returns the span of a zone that contains an instant (epoch ms).
 *
 * @throws RangeError when the zone is unknown (see `parseTimezone`) or `at` is not a valid date
 */
export function zoneSpan(at: number, timezone: string): ZoneSpan {
  const before = latest.get(timezone);
  if (before !== undefined && at >= before.start && at < before.end) return before;
  const within = Math.max(at, FIRST);
  const index = Math.floor(within / BLOCK);
  const key = `${timezone} ${index}`;
  let spans = blocks.get(key);
  if (spans === undefined) {
    spans = computeSpans(index, timezone);
    if (blocks.size >= MAX_CACHED_BLOCKS) blocks.clear();
    blocks.set(key, spans);
  }
  const span = spans.findLast(({ start }) => start <= within) as ZoneSpan;
  latest.set(timezone, span);
  return span;
}

function computeSpans(block: number, timezone: string): ZoneSpan[] {
  const start = block * BLOCK;
  const end = start + BLOCK;
  if (!Number.isFinite(start)) throw new RangeError(`no instant lies in block ${block}`);
  const changes = findOffsetTransitions(start, end, timezone, intlOffset);
  const starts = [start, ...changes.map(({ at }) => at)];
  const offsets = [changes[0]?.before ?? intlOffset(start, timezone), ...changes.map(({ after }) => after)];
  return starts.map((each, index) => ({
    start: each,
    end: starts[index + 1] ?? end,
    offset: offsets[index] ?? 0,
  }));
}

// Creating a formatter takes 50 times as long as using it.
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Returns how far `timeZone` is ahead of UTC at an instant (epoch ms), in milliseconds, with Intl. A call takes 2 µs,
 * so only the search for clock changes uses it.
 *
 * @throws RangeError when the zone is unknown (see `parseTimezone`) or `at` is not a valid date
 */
export function intlOffset(at: number, timezone: string): number {
  const wholeSeconds = Math.floor(at / 1000) * 1000;
  // With these options, 'en-US' always gives "MM/DD/YYYY, HH:MM:SS". That is much cheaper than formatToParts.
  const text = getFormatter(timezone).format(wholeSeconds);
  const comma = text.indexOf(',');
  const wall = Date.UTC(
    Number(text.slice(6, comma)),
    Number(text.slice(0, 2)) - 1,
    Number(text.slice(3, 5)),
    Number(text.slice(comma + 2, comma + 4)),
    Number(text.slice(comma + 5, comma + 7)),
    Number(text.slice(comma + 8, comma + 10)),
  );
  return wall - wholeSeconds;
}

function getFormatter(timezone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timezone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timezone, formatter);
  }
  return formatter;
}

/** One change of a zone's clocks; all values in milliseconds. */
export interface OffsetTransition {
  /** The instant from which the new offset applies, epoch ms. */
  at: number;
  /** How far the zone is ahead of UTC before and after the change. */
  before: number;
  after: number;
}

// No zone keeps an offset for less than seven days (Recife in 2000, Gaza in 2040), so no change hides between two
// samples.
const STEP = 6 * DAY_MS;
const MAX_SEARCH_MS = 40 * 366 * DAY_MS;

/** How far a zone is ahead of UTC at an instant, both in milliseconds. */
export type OffsetAt = (at: number, timezone: string) => number;

/**
 * Returns the clock changes of `timezone` in `(from, to]` (epoch ms), in order. At most 40 years are searched.
 * @param offsetAt the source of the offsets; `zoneOffset` uses Node's data
 */
export function findOffsetTransitions(
  from: number,
  to: number,
  timezone: string,
  offsetAt: OffsetAt,
): OffsetTransition[] {
  const changes: OffsetTransition[] = [];
  const end = Math.min(to, from + MAX_SEARCH_MS);
  let before = offsetAt(from, timezone);
  for (let low = from; low < end; low += STEP) {
    const high = Math.min(low + STEP, end);
    const after = offsetAt(high, timezone);
    if (after !== before) {
      const at = findTransition(low, high, (instant) => offsetAt(instant, timezone) === before);
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
