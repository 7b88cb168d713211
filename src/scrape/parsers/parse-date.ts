import { AMBIGUOUS } from '../../core/lib/certain-number.ts';
import { type ClockResult, type ClockTime, findTime, formatIsoOffset, parseTimeAfter } from './clock-time.ts';
import {
  COMMON_LANGUAGES,
  getMonthNames,
  type LocaleFacts,
  normalizeDigits,
  normalizeMonth,
} from './locale-facts.ts';
import { AMBIGUOUS_ZONE, type ParseResult } from './parse-result.ts';

/** Parts of a numeric date and time, by name: `year`, `month`, `day`, `hour` … */
type Groups = Readonly<Record<string, string | undefined>>;

/** @param year four digits @returns undefined for a day that does not exist in the calendar */
function formatIsoDate(year: string, month: string | undefined, day: string | undefined): string | undefined {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists =
    date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(year) >= 1000;
  return exists ? date.toISOString().slice(0, 10) : undefined;
}

/** Longer texts are prose, not a date with a few words around it. */
const MAX_CHARACTERS = 300;

const YEAR = "(?<year>\\d{4}|(?<=['’])\\d\\d)";
const CLOCK =
  '\\d{1,2}:\\d\\d(?::\\d\\d)?(?:\\s?[ap]m)?(?:\\s(?:[a-z]{1,5}|(?:utc|gmt)?[+-]\\d\\d:?\\d\\d))?';
const FORMS = [
  '(?<year>\\d{4})(?<mark>[-/.])(?<month>\\d{1,2})\\k<mark>(?<day>\\d{1,2})',
  // Korea, Hungary: `2026. 11. 25.`
  '(?<year>\\d{4})\\.\\s(?<month>\\d{1,2})\\.\\s(?<day>\\d{1,2})\\.?',
  '(?<first>\\d{1,2})(?<mark>[./-])(?<second_figure>\\d{1,2})\\k<mark>(?<year>\\d{4})',
  '(?<first>\\d{1,2})(?<mark>[./])(?<second_figure>\\d{1,2})\\k<mark>(?<year>\\d{2})',
  `(?<day>\\d{1,2})(?:st|nd|rd|th|er|e|º|\\.)?[\\s-]+(?:de\\s+|of\\s+|d['’]\\s?)?(?<name>\\p{L}{3,})\\.?,?[\\s-]+(?:de[l]?\\s+|['’])?${YEAR}`,
  `(?<name>\\p{L}{3,})\\.?[\\s-]+(?<day>\\d{1,2})(?:st|nd|rd|th)?(?:,\\s*|[\\s-]+)['’]?${YEAR}`,
  // The format of the `date` command: `Wed Nov 25 10:00:00 UTC 2026`.
  `(?<name>\\p{L}{3,})\\s+(?<day>\\d{1,2}),?\\s+(?<clock>${CLOCK})\\s+(?<year>\\d{4})`,
  '(?<year>\\d{4})[\\s-]+(?<name>\\p{L}{3,})\\.?[\\s-]+(?<day>\\d{1,2})',
].map((form) => new RegExp(`(?<![\\d\\p{L}./-])${form}(?=T\\d|(?![\\d\\p{L}]|[./-]\\d))`, 'giu'));
// No word boundary is required: these languages write words without spaces.
const EAST_ASIAN = /(?<!\d)(?<year>\d{4})\s?[年년]\s?(?<month>\d{1,2})\s?[月월]\s?(?<day>\d{1,2})\s?[日일]/gu;
const COMPACT =
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?:T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)?(?<zone>\S*))?$/;

/** A date found in a text. */
interface FoundDate {
  date: string;
  from: number;
  to: number;
  groups: Groups;
}

/**
 * Parses the only date in a text as ISO 8601: `2026-11-25`, or with a time `2026-11-25T10:00:00Z`. A time without a
 * zone stays without one. Words may surround the date, and its time may precede or follow it.
 *
 * `03/04/2026` and `10:00 CST` need a locale. A year of two digits lies between 1970 and 2069. Ten or thirteen digits
 * alone are seconds or milliseconds since 1970.
 */
export function parseDate(text: string, locale: LocaleFacts | undefined): ParseResult<string> {
  const bare = normalizeDigits(text).trim();
  if (bare.length > MAX_CHARACTERS) return { reason: 'is not a date' };
  const stamp = parseTimestamp(bare, locale);
  if (stamp !== undefined) return stamp;
  const found: FoundDate[] = [];
  for (const form of [...FORMS, EAST_ASIAN]) {
    for (const { 0: whole, index, groups = {} } of bare.matchAll(form)) {
      const date = toDate(groups, locale);
      if (date === AMBIGUOUS) return { reason: AMBIGUOUS };
      if (date !== undefined) found.push({ date, from: index, to: index + whole.length, groups });
    }
  }
  if (found.length === 0) return { reason: 'is not a date' };
  const whole = new Set<string>();
  for (const one of found) {
    const read = withTime(one, bare, locale);
    if ('reason' in read) return read;
    whole.add(read.value);
  }
  return onlyDate(whole);
}

/** If a date appears twice, only one of the two needs a time. */
function onlyDate(dates: ReadonlySet<string>): ParseResult<string> {
  const timed = [...dates].filter((date) => date.includes('T'));
  const [date = '', ...others] = timed.length === 1 ? timed : dates;
  const isOne =
    others.length === 0 && [...dates].every((other) => other === date || date.startsWith(`${other}T`));
  return isOne ? { value: date } : { reason: 'contains several dates' };
}

function withTime(found: FoundDate, text: string, locale: LocaleFacts | undefined): ParseResult<string> {
  const { date, from, to, groups } = found;
  // Fast path: usually there are no other digits.
  if (groups['clock'] === undefined && !/\d/.test(text.slice(0, from) + text.slice(to)))
    return { value: date };
  const behind = text.slice(to);
  const isIso = groups['mark'] === '-' && groups['month'] !== undefined;
  let result: ClockResult =
    groups['clock'] === undefined
      ? parseTimeAfter(behind, locale, isIso)
      : parseTimeAfter(` ${groups['clock']}`, locale, true);
  if ('time' in result && result.time === undefined)
    result = findTime(`${text.slice(0, from)}\n${behind}`, locale);
  if ('problem' in result) return { reason: result.problem === 'zone' ? AMBIGUOUS_ZONE : 'is not a date' };
  return { value: result.time === undefined ? date : withClockTime(date, result.time) };
}

/** Appends a time to a date. @param date such as `2026-11-25` */
export function withClockTime(date: string, { hour, minute, second, zone }: ClockTime): string {
  const [hh, mm, ss] = [hour, minute, second].map((part) => String(part).padStart(2, '0'));
  const wall = `${date}T${hh}:${mm}:${ss}`;
  return zone === undefined ? wall : wall + formatIsoOffset(zone, Date.parse(`${wall}Z`));
}

/** @returns undefined for a day that does not exist in the calendar */
function toDate(
  groups: Groups,
  locale: LocaleFacts | undefined,
  languages = locale === undefined ? COMMON_LANGUAGES : [locale.language, ...COMMON_LANGUAGES],
): string | undefined {
  const { year = '', name, first, second_figure: second } = groups;
  let { day, month } = groups;
  if (name !== undefined) {
    const number = getMonthNames(languages).get(normalizeMonth(name));
    if (number === undefined) return undefined;
    month = String(number);
  }
  if (first !== undefined && second !== undefined) {
    const mayBeDay = Number(second) <= 12;
    const mayBeMonth = Number(first) <= 12;
    if (mayBeDay && mayBeMonth && first !== second && locale === undefined) return AMBIGUOUS;
    const dayFirst = mayBeDay && (!mayBeMonth || (locale?.dayFirst ?? true));
    [day, month] = dayFirst ? [first, second] : [second, first];
  }
  return formatIsoDate(toFullYear(year), month, day);
}

function toFullYear(year: string): string {
  if (year.length === 4) return year;
  return `${Number(year) < 70 ? '20' : '19'}${year}`;
}

function parseTimestamp(text: string, locale: LocaleFacts | undefined): ParseResult<string> | undefined {
  if (/^[1-9]\d{9}$/.test(text))
    return { value: new Date(Number(text) * 1000).toISOString().replace('.000Z', 'Z') };
  if (/^[1-9]\d{12}$/.test(text)) return { value: new Date(Number(text)).toISOString() };
  const { year, month, day, hour, minute, second = '00', zone = '' } = COMPACT.exec(text)?.groups ?? {};
  const date = year === undefined ? undefined : formatIsoDate(year, month, day);
  if (date === undefined || hour === undefined) return date === undefined ? undefined : { value: date };
  const result = parseTimeAfter(`T${hour}:${minute}:${second}${zone}`, locale, true);
  return 'time' in result && result.time !== undefined
    ? { value: withClockTime(date, result.time) }
    : { reason: 'is not a date' };
}

/** Languages whose month names `convert_dates` supports. */
const CERTAIN_LANGUAGES = ['en', 'de'];
const DAY_NAME = /^\p{L}{2,10}\.?,\s+(?=\d)/u;
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d)(?::(?<second>\\d\\d)';
const WHOLE_FORMS = [
  `(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)(?:[T ]${TIME}(?:\\.\\d{1,9})?)?\\s?(?<zone>Z|UTC|GMT|[+-]\\d\\d:?\\d\\d)?)?`,
  '(?<year>\\d{4})[/.](?<month>\\d{1,2})[/.](?<day>\\d{1,2})',
  '(?<first>\\d{1,2})(?<mark>[/.-])(?<second_figure>\\d{1,2})\\k<mark>(?<year>\\d{4})',
  `(?<day>\\d{1,2})(?:st|nd|rd|th|\\.)?\\s+(?<name>\\p{L}{3,9})\\.?,?\\s+(?<year>\\d{4})(?:\\s+${TIME})?\\s+(?<zone>UTC|GMT|[+-]\\d{4}))?`,
  '(?<name>\\p{L}{3,9})\\.?\\s+(?<day>\\d{1,2})(?:st|nd|rd|th)?,?\\s+(?<year>\\d{4})',
].map((form) => new RegExp(`^${form}$`, 'u'));
// No zone is more than fourteen hours from UTC.
const OFFSET = /^[+-](?:0\d|1[0-3]|14(?=:?00)):?[0-5]\d$/;
const MAX_WHOLE_CHARACTERS = 60;

/**
 * Implements `convert_dates`. Returns the ISO 8601 form (`2026-11-25`, or with a time `2026-11-25T10:00:00Z`) of a text
 * that can only be one date; otherwise undefined, and the text stays. A time without a zone stays without one.
 *
 * Supported: ISO dates, `2026/11/25`, `25 November 2026`, `25. Nov. 2026`, `November 25, 2026` (English and German
 * month names), and the date of an HTTP header. A numeric day and month count only if one of them is above 12 or both
 * are equal: `25/11/2026` is a date, `03/04/2026` stays. Years have four digits.
 */
export function parseCertainDate(text: string): string | undefined {
  if (text.length > MAX_WHOLE_CHARACTERS) return undefined;
  const bare = text.replace(DAY_NAME, '');
  for (const form of WHOLE_FORMS) {
    const groups = form.exec(form.source.includes('<name>') ? bare : text)?.groups;
    if (groups === undefined) continue;
    const date = toDate(groups, undefined, CERTAIN_LANGUAGES);
    return date === undefined || date === AMBIGUOUS ? undefined : withWrittenTime(date, groups);
  }
  return undefined;
}

/** @returns undefined for an impossible time or zone */
function withWrittenTime(date: string, { hour, minute, second = '00', zone }: Groups): string | undefined {
  if (hour === undefined) return date;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const wall = `${date}T${hour}:${minute}:${second}`;
  if (zone === undefined) return wall;
  if (/^[A-Z]/.test(zone)) return `${wall}Z`;
  return OFFSET.test(zone) ? `${wall}${zone.slice(0, 3)}:${zone.slice(-2)}` : undefined;
}
