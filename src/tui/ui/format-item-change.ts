/** From this many items on, a change is given in percent. */
const PERCENT_FROM = 1000;

/** Formats how many items more or fewer there are than before: `+12`, `-5`, `=`; `-40%` from a thousand items on. */
export function formatItemChange(change: number, before: number): string {
  if (change === 0) return '=';
  if (before < PERCENT_FROM) return formatSigned(change);
  const percent = Math.round((change / before) * 100);
  // Less than half a percent is still a change.
  return percent === 0 ? formatSigned(change) : `${formatSigned(percent)}%`;
}

/** `950`, `12k`, `3.4M`: a count in at most five cells. */
export function formatShortCount(count: number): string {
  if (Math.abs(count) < 10_000) return String(count);
  const [size, unit] = Math.abs(count) < 999_500 ? [1_000, 'k'] : [1_000_000, 'M'];
  const value = count / size;
  return `${Math.abs(value) < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)}${unit}`;
}

function formatSigned(change: number): string {
  return change > 0 ? `+${formatShortCount(change)}` : formatShortCount(change);
}
