import { countEdits } from '../lib/closest-names.ts';
import { invalidSchedule } from './invalid-schedule.ts';

const ALLOWED = 'use a name of the IANA time zone database, such as Europe/Berlin or UTC';
const SHAPE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;
// ICU also accepts its own abbreviations: BST means Dhaka, and AST means Anchorage.
const THREE_LETTER_ZONES: ReadonlySet<string> = new Set(
  'CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET'.split(' '),
);

/** Twice the number of zone names. */
const MAX_CACHED = 1_200;
const cache = new Map<string, string>();

/**
 * Checks the name of a time zone and returns it with the database's capitals (`europe/berlin` → `Europe/Berlin`).
 *
 * @throws QuickscrapeError `invalid_schedule`, field `timezone`, with the closest names as hint
 */
export function parseTimezone(value: unknown): string {
  if (typeof value !== 'string') throw invalidSchedule('timezone', value, ALLOWED);
  const cached = cache.get(value);
  if (cached !== undefined) return cached;
  const resolved = resolveZone(value);
  if (resolved === undefined) throw invalidSchedule('timezone', value, ALLOWED, closestZones(value));
  // Intl resolves some names to another one (Asia/Kathmandu → Asia/Katmandu): then the given name stays.
  const name = resolved.toLowerCase() === value.toLowerCase() ? resolved : value;
  // The cache needs a limit: each mix of capitals is a spelling of its own.
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(value, name);
  return name;
}

function resolveZone(value: string): string | undefined {
  // Newer engines also accept bare offsets (+02:00). These have no daylight saving time, and croner rejects them.
  if (!SHAPE.test(value) || value.startsWith('SystemV/')) return undefined;
  if (value.length === 3 && !THREE_LETTER_ZONES.has(value.toUpperCase())) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function closestZones(value: string): string | undefined {
  if (/^[A-Z]{2,4}$/.test(value)) return 'abbreviations are ambiguous: use a city, such as Europe/Berlin';
  const wanted = value.slice(0, 64).toLowerCase().replaceAll(' ', '_');
  const limit = Math.max(2, Math.floor(wanted.length / 4));
  const near = ['UTC', ...Intl.supportedValuesOf('timeZone')]
    .map((name) => ({ name, far: zoneDistance(wanted, name.toLowerCase()) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
  return near.length === 0 ? undefined : `did you mean ${near.join(', ')}?`;
}

/** Returns the edit distance from the input to a zone's name or to its last part (`Berlin` → `Europe/Berlin`). */
function zoneDistance(wanted: string, name: string): number {
  const city = name.slice(name.lastIndexOf('/') + 1);
  return Math.min(countEdits(wanted, name), countEdits(wanted, city) + 0.5);
}
