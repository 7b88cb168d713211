import { zoneOffset } from './engine/instant.ts';
import { findOffsetTransitions, type OffsetAt } from './engine/offset-transitions.ts';
import { ZONE_FACTS, type ZoneFact } from './zone-facts.ts';

const DAY = 86_400_000;
/** How far ahead a wrong hour matters for a schedule that is created today. */
const AHEAD_MS = 2 * 366 * DAY;

/** A time zone for which Node's data are known to be wrong, now or within the next two years. */
export interface WrongZone {
  zone: string;
  /** The first release of the time zone database with the correct data. */
  release: string;
  /** The zone's true behaviour: a sentence part that follows its name. */
  what: string;
  /** When Node's data are wrong, in order; at least one span. The first may have begun already. */
  spans: WrongSpan[];
}

export interface WrongSpan {
  /** Epoch milliseconds; `to` is `null` when the span continues after the two years. */
  from: number;
  to: number | null;
  /** How far the zone really is ahead of UTC, and how far by Node's data, in milliseconds. */
  truth: number;
  here: number;
}

/** The release of the time zone database in this Node.js, such as `2025c`; `unknown` when Node does not report it. */
export function zoneDataVersion(): string {
  return process.versions['tz'] ?? 'unknown';
}

let cached: { now: number; offsetAt: OffsetAt; zones: WrongZone[] } | undefined;

/**
 * Returns every zone (with its other names) for which Node is wrong at `now` (epoch ms) or within two years. It
 * compares Node's clock times with known facts (zone-facts.ts), not its version.
 */
export function wrongZones(now: number, offsetAt: OffsetAt = zoneOffset): WrongZone[] {
  if (cached?.offsetAt === offsetAt && now >= cached.now && now - cached.now < DAY / 24) {
    return cached.zones;
  }
  const zones = ZONE_FACTS.flatMap((fact) =>
    fact.zones.flatMap((zone) => checkZone(zone, fact, now, offsetAt) ?? []),
  );
  cached = { now, offsetAt, zones };
  return zones;
}

/**
 * Returns what is wrong in Node's data for one zone at `now` (epoch ms) or within two years; `undefined` when nothing
 * is known.
 */
export function wrongZone(zone: string, now: number, offsetAt: OffsetAt = zoneOffset): WrongZone | undefined {
  const fact = ZONE_FACTS.find(({ zones }) => zones.includes(zone));
  return fact && checkZone(zone, fact, now, offsetAt);
}

function checkZone(zone: string, fact: ZoneFact, now: number, offsetAt: OffsetAt): WrongZone | undefined {
  const start = Math.max(now, Date.parse(fact.from));
  const end = Math.min(
    now + AHEAD_MS,
    fact.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(fact.until),
  );
  if (start >= end) return undefined;
  try {
    const spans = wrongSpans(zone, fact, start, end, offsetAt);
    // A wrong offset at the end of the searched period has no known end.
    const open =
      fact.until === undefined
        ? spans.map((span) => (span.to === end ? { ...span, to: null } : span))
        : spans;
    return spans.length === 0 ? undefined : { zone, release: fact.release, what: fact.what, spans: open };
  } catch {
    // A Node without this name cannot have jobs in it.
    return undefined;
  }
}

function wrongSpans(
  zone: string,
  { offset }: ZoneFact,
  start: number,
  end: number,
  offsetAt: OffsetAt,
): WrongSpan[] {
  const correctOffsetAt = (at: number) =>
    typeof offset === 'string' ? offsetAt(at, offset) : offset * 60_000;
  const places = typeof offset === 'string' ? [zone, offset] : [zone];
  const changes = places.flatMap((place) =>
    findOffsetTransitions(start, end, place, offsetAt).map(({ at }) => at),
  );
  const edges = [start, ...new Set(changes.sort((a, b) => a - b))].filter((at) => at < end);
  const spans: WrongSpan[] = [];
  for (const [index, from] of edges.entries()) {
    const [truth, here] = [correctOffsetAt(from), offsetAt(from, zone)];
    if (truth !== here) spans.push({ from, to: edges[index + 1] ?? end, truth, here });
  }
  return spans;
}
