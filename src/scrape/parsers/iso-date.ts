type Digits = string | undefined;

/**
 * The ISO 8601 form of a date, and of a time when there is one; undefined for a day that the calendar lacks, and for a time
 * that no clock shows.
 * @param year four figures
 */
export function formatIsoDate(
  year: string,
  month: Digits,
  day: Digits,
  [hour, minute, second, zone]: Digits[] = [],
): string | undefined {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists =
    date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(year) >= 1000;
  if (!exists) return undefined;
  const iso = date.toISOString().slice(0, 10);
  if (hour === undefined) return iso;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  return `${iso}T${hour}:${minute}:${second ?? '00'}${formatIsoZone(zone)}`;
}

function formatIsoZone(zone: Digits): string {
  if (zone === undefined) return '';
  return /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z';
}
