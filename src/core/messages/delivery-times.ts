import { isQuiet, type QuietHours } from '../channels/quiet-hours.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import { wallClock } from '../schedule/engine/instant.ts';

const SECOND_MS = 1_000;
/** How long a message is tried. */
export const GIVE_UP_AFTER_MS = DAY_MS;
/** When a digest of a day is sent, if its channel has no quiet hours: minutes after midnight. */
const DIGEST_MINUTE = 8 * 60;
/** Fewer attempts are no reason to give up, however long ago the first was: the clock may have been set. */
const MIN_ATTEMPTS = 10;
/** The longest delay that a receiver may ask for. */
const MAX_WANTED_MS = 6 * HOUR_MS;
/** Delays after the first failures; the last one repeats. */
const RETRY_DELAYS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
];
const DAY_MINUTES = 24 * 60;

/** When a channel takes messages. */
export interface DeliveryRule {
  timezone: string;
  quiet: QuietHours | null;
  digest: 'hour' | 'day' | null;
}

/**
 * The delay before the next attempt in milliseconds, or `null` when a message has been tried for a day.
 * @param attempts failed attempts so far
 * @param sinceFirst milliseconds since the first of them
 * @param wanted the delay that the receiver asks for (`Retry-After`), in milliseconds
 */
export function retryDelayMs(attempts: number, sinceFirst: number, wanted = 0): number | null {
  const usual = RETRY_DELAYS_MS[Math.min(attempts, RETRY_DELAYS_MS.length) - 1] ?? SECOND_MS;
  const delay = Math.max(usual, Math.min(wanted, MAX_WANTED_MS));
  return attempts >= MIN_ATTEMPTS && sinceFirst + delay > GIVE_UP_AFTER_MS ? null : delay;
}

/**
 * The earliest instant (epoch ms) at which a channel takes a message: after the quiet hours, and at the end of the hour
 * or day that a digest joins.
 * @param created when the message was written; a digest that is late goes at once
 */
export function earliestDelivery(
  { timezone, quiet, digest }: DeliveryRule,
  created: number,
  now: number,
): number {
  const due = digest === null ? now : Math.max(now, digestEnd(digest, timezone, quiet, created));
  return quiet === null ? due : endOfQuiet(quiet, timezone, due);
}

function digestEnd(
  digest: 'hour' | 'day',
  timezone: string,
  quiet: QuietHours | null,
  created: number,
): number {
  if (digest === 'hour') return nextMinuteOfHour(created, timezone);
  return nextTimeOfDay(quiet?.to ?? DIGEST_MINUTE, timezone, created);
}

function endOfQuiet(quiet: QuietHours, timezone: string, at: number): number {
  return isQuiet(quiet, minuteOfDay(at, timezone)) ? nextTimeOfDay(quiet.to, timezone, at) : at;
}

function nextMinuteOfHour(after: number, timezone: string): number {
  const { minute, second } = wallClock(after, timezone);
  return startOfMinute(after, second) + (60 - minute) * MINUTE_MS;
}

/** The next instant after `after` at which the wall clock shows this minute of the day, give or take a change of clocks. */
function nextTimeOfDay(minute: number, timezone: string, after: number): number {
  const { second } = wallClock(after, timezone);
  const wait = (minute - minuteOfDay(after, timezone) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const at = startOfMinute(after, second) + wait * MINUTE_MS;
  // The clocks may have changed in between.
  const off = (minuteOfDay(at, timezone) - minute + DAY_MINUTES + DAY_MINUTES / 2) % DAY_MINUTES;
  return Math.max(after + 1, at - (off - DAY_MINUTES / 2) * MINUTE_MS);
}

function startOfMinute(at: number, second: number): number {
  return Math.floor(at / SECOND_MS) * SECOND_MS - second * SECOND_MS;
}

function minuteOfDay(at: number, timezone: string): number {
  const { hour, minute } = wallClock(at, timezone);
  return hour * 60 + minute;
}
