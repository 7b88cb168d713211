const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?)?$/;

const DAY_MS = 86_400_000;
/** Excel counts days from here: it takes 1900 for a leap year, so its count is right only after that February. */
const EPOCH_MS = Date.UTC(1899, 11, 30);
const MIN_SERIAL = 61;

/**
 * The number by which Excel knows a date, with its time as the fraction of a day.
 * @param text an ISO date, or date and time without a time zone: Excel has none
 * @returns `undefined` for other texts, for days that there are not and for those before March 1900
 */
export function toDateSerial(text: string): { serial: number; hasTime: boolean } | undefined {
  const parts = DATE.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const ms = Number((parts[7] ?? '0').padEnd(3, '0'));
  const instant = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms));
  if (instant.getUTCMonth() !== month - 1 || instant.getUTCDate() !== day || hour > 23) return undefined;
  const serial = (instant.getTime() - EPOCH_MS) / DAY_MS;
  return serial < MIN_SERIAL ? undefined : { serial, hasTime: parts[4] !== undefined };
}
