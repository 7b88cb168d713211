/** A fact about a place's clocks that is missing in older time zone data. */
export interface ZoneFact {
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
