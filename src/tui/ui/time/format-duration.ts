const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Up to this duration, seconds are shown. */
const SECONDS_WITHIN = 10 * MINUTE;

/** `12s`, `2m 05s`, `59m`, `2h 05m`, `3d 4h`, `210d`: at most seven cells. */
export function formatShortDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)}s`;
  if (whole < SECONDS_WITHIN) return formatPair(whole, MINUTE, 'm', SECOND, 's', 2);
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m`;
  if (whole < DAY) return formatPair(whole, HOUR, 'h', MINUTE, 'm', 2);
  return whole < 100 * DAY ? formatPair(whole, DAY, 'd', HOUR, 'h', 1) : `${Math.floor(whole / DAY)}d`;
}

/** Formats a run's duration: `240ms`, `4.2s`, then as {@link formatShortDuration}. */
export function formatRunDuration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)}ms`;
  return ms < 10 * SECOND ? `${(Math.floor(ms / 100) / 10).toFixed(1)}s` : formatShortDuration(ms);
}

/** Formats the time until an instant: `in 2m 05s`, then `now`, then `due 12s ago`. */
export function formatCountdown(at: number, now: number): string {
  // Rounded up: an instant half a second ahead is not due yet.
  const left = Math.ceil((at - now) / SECOND) * SECOND;
  if (left > 0) return `in ${formatShortDuration(left)}`;
  return left === 0 ? 'now' : `due ${formatShortDuration(-left)} ago`;
}

/** `12s ago`; `now` within the same second. */
export function formatTimeAgo(at: number, now: number): string {
  return now - at < SECOND ? 'now' : `${formatShortDuration(now - at)} ago`;
}

function formatPair(
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
