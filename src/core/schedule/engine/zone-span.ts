import { intlOffset } from './intl-offset.ts';
import { findOffsetTransitions } from './offset-transitions.ts';

/**
 * A span of time, `[start, end)`, in which a zone's offset stays the same. The end is not always a clock change. Epoch
 * ms.
 */
export interface ZoneSpan {
  start: number;
  end: number;
  /** How far the zone is ahead of UTC, in milliseconds. */
  offset: number;
}

const DAY = 86_400_000;
/** The length of one search: long enough that most occurrences need no second one, and short enough to be fast. */
const BLOCK = 100 * DAY;
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
 * @throws RangeError when the zone is unknown (see `parseTimeZone`) or `at` is not a valid date
 */
export function zoneSpan(at: number, timeZone: string): ZoneSpan {
  const before = latest.get(timeZone);
  if (before !== undefined && at >= before.start && at < before.end) return before;
  const within = Math.max(at, FIRST);
  const index = Math.floor(within / BLOCK);
  const key = `${timeZone} ${index}`;
  let spans = blocks.get(key);
  if (spans === undefined) {
    spans = computeSpans(index, timeZone);
    if (blocks.size >= MAX_CACHED_BLOCKS) blocks.clear();
    blocks.set(key, spans);
  }
  const span = spans.findLast(({ start }) => start <= within) as ZoneSpan;
  latest.set(timeZone, span);
  return span;
}

function computeSpans(block: number, timeZone: string): ZoneSpan[] {
  const start = block * BLOCK;
  const end = start + BLOCK;
  if (!Number.isFinite(start)) throw new RangeError(`no instant lies in block ${block}`);
  const changes = findOffsetTransitions(start, end, timeZone, intlOffset);
  const starts = [start, ...changes.map(({ at }) => at)];
  const offsets = [changes[0]?.before ?? intlOffset(start, timeZone), ...changes.map(({ after }) => after)];
  return starts.map((each, index) => ({
    start: each,
    end: starts[index + 1] ?? end,
    offset: offsets[index] ?? 0,
  }));
}
