/** Formats the instants of a report for people, all in one time zone; they come as RFC 3339. */
export interface ReportTimes {
  /** `Mon 30 Nov, 09:00` */
  moment(instant: string): string;
  /** `30 Nov` */
  day(ms: number): string;
  /** `09:00` */
  hour(ms: number): string;
  /** `Monday, 30 November 2026` */
  longDay(instant: string): string;
}

export function reportTimes(timezone: string): ReportTimes {
  // The same on every machine, whatever its language: the texts around are English.
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hourCycle: 'h23', ...options });
    return (at: string | number) => formatter.format(new Date(at));
  };
  const day = format({ day: 'numeric', month: 'short' });
  const weekday = format({ weekday: 'short' });
  const hour = format({ hour: '2-digit', minute: '2-digit' });
  return {
    moment: (instant) => `${weekday(instant)} ${day(instant)}, ${hour(instant)}`,
    day,
    hour,
    longDay: format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  };
}

/** `98.4 %`; never 100 % with a failure, nor 0 % with a success. */
export function formatShare(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  return `${Math.min(99.9, Math.max(0.1, share * 100))
    .toFixed(1)
    .replace(/\.0$/, '')} %`;
}
