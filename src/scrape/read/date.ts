import { plainFigures } from './digits.ts';
import { isoDate } from './iso-date.ts';
import type { LocaleFacts } from './locale.ts';
import { monthNames, plainMonth } from './month-names.ts';
import { type Reading, TWO_WAYS } from './reading.ts';

/** A longer text is no date with some words around. */
const LONGEST = 300;

const TIME =
  '(?:(?:T|,?\\s*(?:at|um|à|a las|às|kl\\.?|[-–|])?\\s*)(?<hour>\\d{1,2})[:.h](?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:\\.\\d{1,9})?)?\\s?(?<half>[ap]\\.?m\\b\\.?)?(?:\\s?Uhr)?\\s?(?<zone>Z\\b|UTC\\b|GMT\\b|[+-]\\d\\d:?\\d\\d)?)?';
const YEAR = "(?<year>\\d{4}|(?<=['’])\\d\\d)";
const FORMS = [
  '(?<year>\\d{4})(?<mark>[-/.])(?<month>\\d{1,2})\\k<mark>(?<day>\\d{1,2})',
  '(?<first>\\d{1,2})(?<mark>[./-])(?<second_figure>\\d{1,2})\\k<mark>(?<year>\\d{4})',
  '(?<first>\\d{1,2})(?<mark>[./])(?<second_figure>\\d{1,2})\\k<mark>(?<year>\\d{2})',
  `(?<day>\\d{1,2})(?:st|nd|rd|th|er|e|º|\\.)?[\\s-]+(?:de\\s+|of\\s+|d['’]\\s?)?(?<name>\\p{L}{3,})\\.?,?[\\s-]+(?:de[l]?\\s+|['’])?${YEAR}`,
  `(?<name>\\p{L}{3,})\\.?[\\s-]+(?<day>\\d{1,2})(?:st|nd|rd|th)?(?:,\\s*|[\\s-]+)['’]?${YEAR}`,
  '(?<year>\\d{4})[\\s-]+(?<name>\\p{L}{3,})\\.?[\\s-]+(?<day>\\d{1,2})',
].map((form) => new RegExp(`(?<![\\d\\p{L}./-])${form}${TIME}(?![\\d\\p{L}]|[./-]\\d)`, 'giu'));
// Letters touch it on both sides, as words do in these languages.
const EAST_ASIAN = /(?<!\d)(?<year>\d{4})\s?[年년]\s?(?<month>\d{1,2})\s?[月월]\s?(?<day>\d{1,2})\s?[日일]/gu;

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * The one date in a text as ISO 8601: `2026-11-25`, or with a time `2026-11-25T10:00:00Z`; a time without a zone stays
 * without one. Words may stand around it. `03/04/2026` needs a locale; a year of two figures lies between 1970 and 2069.
 * Ten or thirteen digits alone are seconds or milliseconds since 1970.
 */
export function readDate(text: string, locale: LocaleFacts | undefined): Reading<string> {
  const bare = plainFigures(text).trim();
  if (bare.length > LONGEST) return { reason: 'is no date' };
  const stamp = fromStamp(bare);
  if (stamp !== undefined) return { value: stamp };
  const found = new Set<string>();
  let twoWays = false;
  for (const form of [...FORMS, EAST_ASIAN]) {
    for (const { groups } of bare.matchAll(form)) {
      const date = groups && dateOf(groups, locale);
      if (date === TWO_WAYS) twoWays = true;
      else if (date !== undefined) found.add(date);
    }
  }
  const [date, ...others] = found;
  if (others.length > 0) return { reason: 'holds several dates' };
  if (date !== undefined && !twoWays) return { value: date };
  return { reason: twoWays ? TWO_WAYS : 'is no date' };
}

/** @returns undefined for a day that the calendar lacks */
function dateOf(groups: Groups, locale: LocaleFacts | undefined): string | undefined {
  const { year = '', name, first, second_figure: second } = groups;
  let { day, month } = groups;
  if (name !== undefined) {
    const number = monthNames(locale?.language).get(plainMonth(name));
    if (number === undefined) return undefined;
    month = String(number);
  }
  if (first !== undefined && second !== undefined) {
    const mayBeDay = Number(second) <= 12;
    const mayBeMonth = Number(first) <= 12;
    if (mayBeDay && mayBeMonth && first !== second && locale === undefined) return TWO_WAYS;
    const dayFirst = mayBeDay && (!mayBeMonth || (locale?.dayFirst ?? true));
    [day, month] = dayFirst ? [first, second] : [second, first];
  }
  return isoDate(fullYear(year), month, day, timeOf(groups));
}

function fullYear(year: string): string {
  if (year.length === 4) return year;
  return `${Number(year) < 70 ? '20' : '19'}${year}`;
}

function timeOf({ hour, minute, second, half, zone }: Groups): (string | undefined)[] {
  if (hour === undefined) return [];
  let hours = Number(hour);
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return ['99'];
    hours = (hours % 12) + (/^p/i.test(half) ? 12 : 0);
  }
  return [String(hours).padStart(2, '0'), minute, second, zone?.toUpperCase()];
}

function fromStamp(text: string): string | undefined {
  if (/^[1-9]\d{9}$/.test(text)) return new Date(Number(text) * 1000).toISOString().replace('.000Z', 'Z');
  if (/^[1-9]\d{12}$/.test(text)) return new Date(Number(text)).toISOString();
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  return year === undefined ? undefined : isoDate(year, month, day);
}
