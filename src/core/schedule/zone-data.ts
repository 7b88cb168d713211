import { DAY_MS, MINUTE_MS } from '../lib/clock.ts';
import { zoneOffset } from './engine/instant.ts';
import { findOffsetTransitions, type OffsetAt } from './engine/zone-offsets.ts';

/** How far ahead a wrong hour matters for a schedule that is created today. */
const AHEAD_MS = 2 * 366 * DAY_MS;

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
 * compares Node's clock times with known facts ({@link ZONE_FACTS}), not its version.
 */
export function wrongZones(now: number, offsetAt: OffsetAt = zoneOffset): WrongZone[] {
  if (cached?.offsetAt === offsetAt && now >= cached.now && now - cached.now < DAY_MS / 24) {
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
    typeof offset === 'string' ? offsetAt(at, offset) : offset * MINUTE_MS;
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

/** A fact about a place's clocks that is missing in older time zone data. */
interface ZoneFact {
  /** The zone first, then its other names. */
  zones: readonly string[];
  /** The first release of the time zone database with the correct data. */
  release: string;
  /** When the fact begins (and ends, if its end is known), ISO 8601 UTC. */
  from: string;
  until?: string;
  /** Minutes ahead of UTC for the whole period, or a zone with the same clocks. */
  offset: number | string;
  /** A sentence part that follows the zone's name. */
  what: string;
}

/**
 * Facts from the releases 2025a to 2026f of the time zone database. Each was compared with the compiled zones of 2026f
 * for every instant up to 2039. Older Node.js versions are wrong about some of them (20.20 with 2025c: about all but
 * the first).
 */
export const ZONE_FACTS: readonly ZoneFact[] = [
  {
    zones: ['America/Asuncion'],
    release: '2025a',
    from: '2025-10-01T00:00Z',
    offset: -180,
    what: 'stays at UTC-03:00 all year',
  },
  {
    zones: ['Europe/Chisinau', 'Europe/Tiraspol'],
    release: '2026a',
    from: '2025-10-01T00:00Z',
    offset: 'Europe/Athens',
    what: 'changes its clocks when the European Union does, an hour later than was thought',
  },
  {
    zones: ['America/Vancouver', 'Canada/Pacific'],
    release: '2026b',
    from: '2026-11-01T09:00Z',
    offset: -420,
    what: 'stays at UTC-07:00 all year',
  },
  {
    zones: ['America/Edmonton', 'America/Yellowknife', 'Canada/Mountain'],
    release: '2026c',
    from: '2026-11-01T08:00Z',
    offset: -360,
    what: 'stays at UTC-06:00 all year',
  },
  {
    zones: ['Africa/Casablanca'],
    release: '2026c',
    from: '2026-09-20T01:00Z',
    offset: 0,
    what: 'stays at UTC all year',
  },
  {
    zones: ['Africa/El_Aaiun'],
    release: '2026c',
    from: '2026-09-20T01:00Z',
    offset: 0,
    what: 'stays at UTC all year',
  },
  {
    zones: ['America/Inuvik'],
    release: '2026d',
    from: '2026-11-01T08:00Z',
    offset: -360,
    what: 'stays at UTC-06:00 all year',
  },
  {
    zones: ['America/Winnipeg', 'America/Rainy_River', 'Canada/Central'],
    release: '2026e',
    from: '2026-11-01T07:00Z',
    offset: -300,
    what: 'stays at UTC-05:00 all year',
  },
  {
    zones: ['America/Havana', 'Cuba'],
    release: '2026f',
    from: '2026-11-01T05:00Z',
    until: '2027-11-07T05:00Z',
    offset: -240,
    what: 'stays at UTC-04:00 until November 2027',
  },
];
