const DAY = 86_400_000;

/** An instant as a person would say it today: `09:00`, `Thu 09:00` within a week, then `24 Dec`, `24 Dec 27`. */
export function clockWords(at: number, now: number, timeZone: string): string {
  const [date, time] = partsOf(at, timeZone);
  const [today] = partsOf(now, timeZone);
  if (date === today) return time;
  const { weekday, day } = formatsFor(timeZone);
  if (Math.abs(at - now) < 6 * DAY) return `${weekday.format(at)} ${time}`;
  const words = day.format(at);
  return date.slice(0, 4) === today.slice(0, 4) ? words : `${words} ${date.slice(2, 4)}`;
}

interface Formats {
  /** `2026-11-25, 09:00`. */
  wall: Intl.DateTimeFormat;
  weekday: Intl.DateTimeFormat;
  day: Intl.DateTimeFormat;
}

const formats = new Map<string, Formats>();

function formatsFor(timeZone: string): Formats {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = {
    wall: new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
    weekday: new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' }),
    day: new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short' }),
  };
  formats.set(timeZone, made);
  return made;
}

function partsOf(at: number, timeZone: string): [string, string] {
  const words = formatsFor(timeZone).wall.format(at);
  return [words.slice(0, 10), words.slice(-5)];
}
