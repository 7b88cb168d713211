import { zoneOffset } from './engine/instant.ts';
import { findOffsetTransitions, type OffsetAt } from './engine/offset-transitions.ts';
import { ZONE_FACTS, type ZoneFact } from './zone-facts.ts';

const DAY = 86_400_000;
/** How far ahead a wrong hour matters to somebody who makes a schedule today. */
const AHEAD_MS = 2 * 366 * DAY;

/** A time zone that Node's time zone data are known to have wrong, now or within the next two years. */
export interface WrongZone {
  zone: string;
  /** The release of the time zone database that has it right. */
  release: string;
  /** What the zone does in truth: a sentence part that follows its name. */
  what: string;
  /** When Node's clocks are wrong, in order; the first may have begun already. At least one. */
  spans: WrongSpan[];
}

export interface WrongSpan {
  /** Epoch milliseconds; `to` is `null` when it goes on past the two years. */
  from: number;
  to: number | null;
  /** How far the zone is ahead of UTC in truth, and how far Node says it is, in milliseconds. */
  truth: number;
  here: number;
}

/** The release of the time zone database that this Node.js carries, such as `2025c`; `unknown` when it does not say. */
export function zoneDataVersion(): string {
  return process.versions['tz'] ?? 'unknown';
}

let cached: { now: number; offsetAt: OffsetAt; zones: WrongZone[] } | undefined;

/**
 * Every zone (with its other names) that Node has wrong at `now` (epoch ms) or within two years: found by asking Node
 * for clock times whose truth is known (zone-facts.ts), not by its version.
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

/** What Node has wrong about one zone at `now` (epoch ms) or within two years; `undefined` when nothing is known. */
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
    // A wrong offset that ends only with the search goes on.
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
