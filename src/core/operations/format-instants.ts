import { formatInstant } from '../schedule/engine/instant.ts';

/** Formats an instant for output: RFC 3339 with the zone's offset, or `null`. */
export function formatInstantOrNull(at: number | Date | null, timeZone: string): string | null {
  return at === null ? null : formatInstant(at, timeZone);
}

/** Formats instants for output, in order. */
export function formatInstants(instants: readonly (number | Date)[], timeZone: string): string[] {
  return instants.map((at) => formatInstant(at, timeZone));
}
