import { QuickscrapeError } from '../lib/errors.ts';

/** A part of each day, in minutes after midnight; `from` is later than `to` when it contains midnight. */
export interface QuietHours {
  from: number;
  to: number;
}

const HOURS = /^([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * Parses `22:00-07:00`.
 * @throws QuickscrapeError `invalid_params`
 */
export function parseQuietHours(text: string): QuietHours {
  const [, fromHour, fromMinute, toHour, toMinute] = HOURS.exec(text.trim()) ?? [];
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  if (fromHour === undefined || from === to) {
    throw new QuickscrapeError(
      'invalid_params',
      `quiet_hours: "${text}" must be two different times of day, such as 22:00-07:00`,
      { field: 'quiet_hours' },
    );
  }
  return { from, to };
}

/** Whether a minute of the day is within these hours; their end is not. */
export function isQuiet({ from, to }: QuietHours, minute: number): boolean {
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}
