import { findTime } from './clock-time.ts';
import { type LocaleFacts, normalizeDigits } from './locale-facts.ts';
import { withClockTime } from './parse-date.ts';
import { AMBIGUOUS_ZONE, type ParseResult } from './parse-result.ts';
import { getRelativePhrases, normalizePhrase, type Unit } from './relative-phrases.ts';

const MAX_CHARACTERS = 300;
/** Units that yield an instant; larger units yield a day. */
const UNIT_MS: Partial<Record<Unit, number>> = { second: 1000, minute: 60_000, hour: 3_600_000 };

interface FoundPhrase {
  count: number;
  unit: Unit;
  from: number;
  to: number;
}

/**
 * Parses a date relative to now: `3 hours ago`, `yesterday at 10:00`, `vor 2 Tagen`, `in 3 days`. Seconds, minutes and
 * hours yield an instant in UTC, in whole minutes unless the unit is seconds. Larger units yield a day in this
 * machine's time zone. Languages are the locale's and English; without a locale, those of western Europe.
 * @param now when the text was fetched, in epoch milliseconds
 */
export function parseRelativeDate(
  text: string,
  locale: LocaleFacts | undefined,
  now: number,
): ParseResult<string> {
  const plain = normalizePhrase(normalizeDigits(text));
  if (plain.length > MAX_CHARACTERS) return { reason: 'is no date' };
  const { days, now: present, counts } = getRelativePhrases(locale?.language);
  if (present.has(plain.replace(/[.!]$/, ''))) return { value: formatInstant(now, 1000) };
  const found: FoundPhrase[] = [];
  for (const { pattern, unit, sign } of counts) {
    for (const { 0: whole, index } of plain.matchAll(pattern)) {
      const count = sign * Number(/\d+/.exec(whole)?.[0] ?? 1);
      found.push({ count, unit, from: index, to: index + whole.length });
    }
  }
  const [longest] = found.sort((a, b) => b.to - b.from - (a.to - a.from));
  if (longest === undefined) return parseNamedDay(plain, days, locale, now);
  const { count, unit, from, to } = longest;
  if (found.some((one) => one.from >= to || one.to <= from)) return { reason: 'holds several dates' };
  if (isPartOfPhrase(plain.slice(0, from), plain.slice(to))) return { reason: 'is no date' };
  const unitMs = UNIT_MS[unit];
  if (unitMs !== undefined) return { value: formatInstant(now + count * unitMs, Math.min(unitMs, 60_000)) };
  return toDateOnDay(count, unit, now, `${plain.slice(0, from)}\n${plain.slice(to)}`, locale);
}

/** Whether the match is only part of a phrase: `1 day and 3 hours ago`, `3-4 days ago`, `half an hour ago`. */
function isPartOfPhrase(before: string, behind: string): boolean {
  const isEnd = /(?:\d\s?\p{L}+\.?,?\s(?:\p{L}{1,3}\s)?|\d\s?(?:[-–/]|to|bis|à|a)\s?|\bhalf\s|\bof\s)$/u.test(
    before,
  );
  return isEnd || /^,?\s(?:\p{L}{1,3}\s)?\d+\s?\p{L}/u.test(behind);
}

function parseNamedDay(
  plain: string,
  days: ReadonlyMap<string, number>,
  locale: LocaleFacts | undefined,
  now: number,
): ParseResult<string> {
  // Within a sentence, the name may be a word of another language: `hier`.
  const bare = plain.replace(/^[\p{L} ]{1,30}:\s?/u, '');
  for (const [name, day] of [...days].sort(([a], [b]) => b.length - a.length)) {
    const rest = bare.startsWith(name) ? bare.slice(name.length) : undefined;
    if (rest === undefined || /^[\p{L}\d]/u.test(rest)) continue;
    const isAlone =
      /^[\s,.!]*$/.test(rest) ||
      /^[\s,]*(?:\p{L}{1,4}\.?\s){0,2}\d{1,2}\s?(?:[:.h]\d\d|[ap]\.?m|uhr)/u.test(rest);
    if (isAlone) return toDateOnDay(day, 'day', now, rest.replace(/(\d)\.(\d\d)/, '$1:$2'), locale);
  }
  return { reason: 'is no date' };
}

function toDateOnDay(
  count: number,
  unit: Unit,
  now: number,
  rest: string,
  locale: LocaleFacts | undefined,
): ParseResult<string> {
  const date = addUnits(count, unit, new Date(now));
  if (date === undefined) return { reason: 'is no date' };
  const result = findTime(rest.toUpperCase(), locale);
  if ('problem' in result) return { reason: AMBIGUOUS_ZONE };
  return { value: result.time === undefined ? date : withClockTime(date, result.time) };
}

function formatInstant(ms: number, step: number): string {
  return new Date(Math.floor(ms / step) * step).toISOString().replace('.000Z', 'Z');
}

/** Adds to a day of this machine's calendar; in shorter months the last day is used. */
function addUnits(count: number, unit: Unit, now: Date): string | undefined {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const months = unit === 'year' ? 12 * count : unit === 'month' ? count : 0;
  const days = unit === 'week' ? 7 * count : unit === 'day' ? count : 0;
  const last = new Date(Date.UTC(year, month + months + 1, 0)).getUTCDate();
  const found = new Date(Date.UTC(year, month + months, Math.min(day, last) + days));
  const iso = found.toISOString();
  return /^\d{4}-/.test(iso) ? iso.slice(0, 10) : undefined;
}
