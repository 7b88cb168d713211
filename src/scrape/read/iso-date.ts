type Figures = string | undefined;

/**
 * The ISO 8601 form of a date, and of a time when there is one; undefined for a day that the calendar lacks, and for a time
 * that no clock shows.
 * @param year four figures
 */
export function isoDate(
  year: string,
  month: Figures,
  day: Figures,
  [hour, minute, second, zone]: Figures[] = [],
): string | undefined {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists =
    date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(year) >= 1000;
  if (!exists) return undefined;
  const iso = date.toISOString().slice(0, 10);
  if (hour === undefined) return iso;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  return `${iso}T${hour}:${minute}:${second ?? '00'}${isoZone(zone)}`;
}

function isoZone(zone: Figures): string {
  if (zone === undefined) return '';
  return /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z';
}
