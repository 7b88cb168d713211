const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** `14:03:09`: an instant's time of day in a zone. */
export function timeOfDay(instant: number, timeZone: string): string {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' });
    FORMATS.set(timeZone, format);
  }
  return format.format(instant);
}
