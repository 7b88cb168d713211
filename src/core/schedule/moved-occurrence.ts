import { zoneOffset } from './engine/instant.ts';
import { toRecurrence } from './engine/pattern.ts';
import { resolveWallTime } from './engine/resolve-wall-time.ts';
import type { ScheduleDict } from './rule.ts';

/**
 * Where an occurrence lies by the time zone data of today that older data had put earlier: decided at 07:00Z as 09:00
 * of a zone two hours ahead, which turns out to be one hour ahead, so that 09:00 is 08:00Z. Only for fixed times: what
 * follows elapsed time is not repeated by coming again half an hour later.
 * @param decided the instant at which it was decided, epoch milliseconds
 * @param offset how far the zone was ahead of UTC then, by the data of that time, in milliseconds
 * @returns the later instant, epoch milliseconds, or `undefined` when there is none
 */
export function findMovedOccurrence(rule: ScheduleDict, decided: number, offset: number): number | undefined {
  if (zoneOffset(decided, rule.timezone) === offset || toRecurrence(rule)?.fixed === false) return undefined;
  const at = resolveWallTime(decided + offset, rule.timezone);
  return at > decided ? at : undefined;
}
