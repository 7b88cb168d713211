const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Up to here seconds are told. */
const SECONDS_WITHIN = 10 * MINUTE;

/** `12s`, `2m 05s`, `59m`, `2h 05m`, `3d 4h`, `210d`: at most seven cells. */
export function shortDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)}s`;
  if (whole < SECONDS_WITHIN) return pair(whole, MINUTE, 'm', SECOND, 's', 2);
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m`;
  if (whole < DAY) return pair(whole, HOUR, 'h', MINUTE, 'm', 2);
  return whole < 100 * DAY ? pair(whole, DAY, 'd', HOUR, 'h', 1) : `${Math.floor(whole / DAY)}d`;
}

/** How long a run took: `240ms`, `4.2s`, then as {@link shortDuration}. */
export function tookWords(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)}ms`;
  return ms < 10 * SECOND ? `${(Math.floor(ms / 100) / 10).toFixed(1)}s` : shortDuration(ms);
}

/** How far away an instant is: `in 2m 05s`, and once it is here `now`, then `due 12s ago`. */
export function countdownWords(at: number, now: number): string {
  // Rounded up: what is due in half a second is not due yet.
  const left = Math.ceil((at - now) / SECOND) * SECOND;
  if (left > 0) return `in ${shortDuration(left)}`;
  return left === 0 ? 'now' : `due ${shortDuration(-left)} ago`;
}

/** `12s ago`; `now` within the second. */
export function agoWords(at: number, now: number): string {
  return now - at < SECOND ? 'now' : `${shortDuration(now - at)} ago`;
}

function pair(
  ms: number,
  large: number,
  unit: string,
  small: number,
  smallUnit: string,
  digits: number,
): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)}${unit} ${String(rest).padStart(digits, '0')}${smallUnit}`;
}
