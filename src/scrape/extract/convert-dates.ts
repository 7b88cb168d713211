import { formatIsoDate } from '../parsers/parse-date.ts';

const MONTHS: Readonly<Record<string, number>> = {
  jan: 1,
  january: 1,
  januar: 1,
  feb: 2,
  february: 2,
  februar: 2,
  mar: 3,
  march: 3,
  mär: 3,
  märz: 3,
  mrz: 3,
  apr: 4,
  april: 4,
  may: 5,
  mai: 5,
  jun: 6,
  june: 6,
  juni: 6,
  jul: 7,
  july: 7,
  juli: 7,
  aug: 8,
  august: 8,
  sep: 9,
  sept: 9,
  september: 9,
  oct: 10,
  october: 10,
  okt: 10,
  oktober: 10,
  nov: 11,
  november: 11,
  dec: 12,
  december: 12,
  dez: 12,
  dezember: 12,
};

const DAY_NAME = /^\p{L}{2,10}\.?,\s+(?=\d)/u;
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?$/;
const YEAR_FIRST = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/;
const NUMERIC = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/;
const DAY_MONTH =
  /^(\d{1,2})(?:st|nd|rd|th|\.)?\s+(\p{L}{3,9})\.?,?\s+(\d{4})(?:\s+(\d\d):(\d\d)(?::(\d\d))?\s+(UTC|GMT|[+-]\d{4}))?$/u;
const MONTH_DAY = /^(\p{L}{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/u;

/**
 * The ISO 8601 form (`2026-11-25`, or with a time `2026-11-25T10:00:00Z`) of a text that is one date and can be no
 * other; undefined otherwise, and the text stays. A time without a zone stays without one.
 *
 * Read: ISO dates, `2026/11/25`, `25 November 2026`, `25. Nov. 2026`, `November 25, 2026` (English and German month
 * names), the date of an HTTP header, and day and month in figures only when one of them is above 12 or both are
 * equal: `25/11/2026` is a date, `03/04/2026` stays. Years have four digits.
 */
export function toIsoDate(text: string): string | undefined {
  if (text.length > 60) return undefined;
  const bare = text.replace(DAY_NAME, '');
  return parseIso(text) ?? parseNumeric(text) ?? parseMonthName(bare);
}

function parseIso(text: string): string | undefined {
  const [, year, month, day, ...time] = ISO.exec(text) ?? [];
  return year === undefined ? undefined : formatIsoDate(year, month, day, time);
}

function parseNumeric(text: string): string | undefined {
  const [, year, month, day] = YEAR_FIRST.exec(text) ?? [];
  if (year !== undefined) return formatIsoDate(year, month, day);
  const [, first, , second, last] = NUMERIC.exec(text) ?? [];
  if (last === undefined) return undefined;
  if (Number(first) > 12 || first === second) return formatIsoDate(last, second, first);
  return Number(second) > 12 ? formatIsoDate(last, first, second) : undefined;
}

function parseMonthName(text: string): string | undefined {
  const [, day, name = '', year, ...time] = DAY_MONTH.exec(text) ?? [];
  if (year !== undefined) return formatIsoDate(year, getMonth(name), day, time);
  const [, month = '', dayOfMonth, yearOfMonth] = MONTH_DAY.exec(text) ?? [];
  return yearOfMonth === undefined ? undefined : formatIsoDate(yearOfMonth, getMonth(month), dayOfMonth);
}

function getMonth(name: string): string {
  const key = name.toLowerCase();
  return String(Object.hasOwn(MONTHS, key) ? MONTHS[key] : 0);
}
