import { zoneOffset } from './engine/instant.ts';
import { toRecurrence } from './engine/pattern.ts';
import { resolveWallTime } from './engine/resolve-wall-time.ts';
import type { ScheduleDict } from './rule.ts';

/**
 * Finds the later instant of an occurrence that older time zone data put too early. Example: it was decided at 07:00Z,
 * as 09:00 in a zone two hours ahead. By today's data the zone is one hour ahead, so 09:00 is 08:00Z. Applies to fixed
 * times only: in a schedule that follows elapsed time, the later instant is a separate occurrence.
 * @param decided the instant at which it was decided, epoch milliseconds
 * @param offset how far the zone was ahead of UTC then, by the data of that time, in milliseconds
 * @returns the later instant, epoch milliseconds, or `undefined` when there is none
 */
export function findMovedOccurrence(rule: ScheduleDict, decided: number, offset: number): number | undefined {
  if (zoneOffset(decided, rule.timezone) === offset || toRecurrence(rule)?.fixed === false) return undefined;
  const at = resolveWallTime(decided + offset, rule.timezone);
  return at > decided ? at : undefined;
}
