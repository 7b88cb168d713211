/** A cron expression, in UTC, of one instant a year. */
export function onceAt(at) {
  const fields = [at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate()];
  return [...fields, at.getUTCMonth() + 1, '*'].join(' ');
}
