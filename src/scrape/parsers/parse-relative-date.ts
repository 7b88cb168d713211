import { HOUR_MS, MINUTE_MS } from '../../core/lib/clock.ts';
import { findTime } from './clock-time.ts';
import { COMMON_LANGUAGES, type LocaleFacts, normalizeDigits } from './locale-facts.ts';
import { withClockTime } from './parse-date.ts';
import { AMBIGUOUS_ZONE, type ParseResult } from './parse-result.ts';

const MAX_CHARACTERS = 300;
/** Units that yield an instant; larger units yield a day. */
const UNIT_MS: Partial<Record<Unit, number>> = { second: 1000, minute: MINUTE_MS, hour: HOUR_MS };

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
  if (plain.length > MAX_CHARACTERS) return { reason: 'is not a date' };
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
  if (found.some((one) => one.from >= to || one.to <= from)) return { reason: 'contains several dates' };
  if (isPartOfPhrase(plain.slice(0, from), plain.slice(to))) return { reason: 'is not a date' };
  const unitMs = UNIT_MS[unit];
  if (unitMs !== undefined)
    return { value: formatInstant(now + count * unitMs, Math.min(unitMs, MINUTE_MS)) };
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
  return { reason: 'is not a date' };
}

function toDateOnDay(
  count: number,
  unit: Unit,
  now: number,
  rest: string,
  locale: LocaleFacts | undefined,
): ParseResult<string> {
  const date = addUnits(count, unit, new Date(now));
  if (date === undefined) return { reason: 'is not a date' };
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

/** A unit of time in relative dates. */
type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** A language's phrase for a time that is a number of units away. */
interface Phrase {
  /** The text before the number and after it, in lower case: `vor `, ` tagen`. */
  before: string;
  behind: string;
  unit: Unit;
  /** -1 for the past. */
  sign: 1 | -1;
}

/** Phrases of one or more languages, as patterns. */
interface Phrases {
  /** Each pattern matches a phrase with a number of one unit. */
  counts: readonly { pattern: RegExp; unit: Unit; sign: 1 | -1 }[];
  /** Named days: `yesterday` is -1. */
  days: ReadonlyMap<string, number>;
  /** Names for the present. */
  now: ReadonlySet<string>;
}

const UNITS: readonly Unit[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'];
/** These numbers cover every plural form. */
const COUNTS = [1, 2, 3, 5, 11, 21, 100];
/** Words used instead of 1. */
const ONE = 'an?|eine[mr]?|une?|uno|una|een|uma?|ett?|ei';
/** Phrases found on pages but missing in Unicode's data. */
const MORE_PHRASES: Readonly<Record<string, readonly [behind: string, unit: Unit][]>> = {
  nb: [
    [' dag siden', 'day'],
    [' dager siden', 'day'],
  ],
  en: [
    [' secs ago', 'second'],
    [' mins ago', 'minute'],
    [' hrs ago', 'hour'],
    [' wks ago', 'week'],
    [' mos ago', 'month'],
    [' yrs ago', 'year'],
  ],
};
const NOW = [
  'just now',
  'right now',
  'a moment ago',
  'moments ago',
  'gerade eben',
  'soeben',
  "à l'instant",
  'ahora mismo',
  'proprio ora',
  'zojuist',
  'agora mesmo',
  'just nu',
  'lige nu',
  'akkurat nå',
];

const phrasesByKey = new Map<string, Phrases>();

/** Returns the phrases of a language and of English; without a language, those of the languages of western Europe. */
function getRelativePhrases(language: string | undefined): Phrases {
  const key = language ?? '';
  const before = phrasesByKey.get(key);
  if (before !== undefined) return before;
  const languages = language === undefined ? COMMON_LANGUAGES : [...new Set([language, 'en'])];
  const made = createPhrases(languages);
  phrasesByKey.set(key, made);
  return made;
}

function createPhrases(languages: readonly string[]): Phrases {
  const phrases = new Map<string, Phrase>();
  const days = new Map<string, number>();
  const now = new Set(NOW);
  for (const language of languages) {
    for (const phrase of createCountPhrases(language)) {
      const key = `${phrase.before}#${phrase.behind}`;
      // The first language wins.
      if (!phrases.has(key)) phrases.set(key, phrase);
    }
    const named = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
    for (const day of [0, -1, -2, 1, 2]) {
      const name = normalizePhrase(named.format(day, 'day'));
      if (!/\d/.test(name) && !days.has(name)) days.set(name, day);
    }
    now.add(normalizePhrase(named.format(0, 'second')));
  }
  return { counts: createPatterns([...phrases.values()]), days, now };
}

function createCountPhrases(language: string): Phrase[] {
  const phrases: Phrase[] = [];
  // In some languages the narrow form is a minus sign and a letter: it is excluded below.
  for (const style of ['long', 'short', 'narrow'] as const) {
    const format = new Intl.RelativeTimeFormat(`${language}-u-nu-latn`, { style });
    for (const unit of UNITS) {
      for (const count of COUNTS) {
        for (const sign of [-1, 1] as const) {
          const parts = format.formatToParts(sign * count, unit);
          const at = parts.findIndex(({ type }) => type === 'integer');
          const text = (some: typeof parts) =>
            normalizePhrase(some.map(({ value }) => value).join(''), false);
          const phrase = { before: text(parts.slice(0, at)), behind: text(parts.slice(at + 1)), unit, sign };
          if (at >= 0 && !/^[-−+]$/.test(phrase.before.trim())) phrases.push(phrase);
        }
      }
    }
  }
  const more = (MORE_PHRASES[language] ?? []).map(([behind, unit]) => ({
    before: '',
    behind,
    unit,
    sign: -1 as const,
  }));
  return [...phrases, ...more, ...phrases.flatMap(getOtherForms)];
}

/** `för` and `for` are often omitted, and Spanish and Portuguese also use `3 días atrás`. */
function getOtherForms({ before, behind, unit, sign }: Phrase): Phrase[] {
  if (/^f[oö]r $/.test(before) && / (?:sedan|sen|siden)$/.test(behind))
    return [{ before: '', behind, unit, sign }];
  return sign === -1 && /^(?:hace|há) $/.test(before)
    ? [{ before: '', behind: `${behind} atrás`, unit, sign }]
    : [];
}

function createPatterns(phrases: readonly Phrase[]): Phrases['counts'] {
  return UNITS.flatMap((unit) =>
    ([-1, 1] as const).flatMap((sign) => {
      const own = phrases.filter((phrase) => phrase.unit === unit && phrase.sign === sign);
      const forms = own.map(({ before, behind }) =>
        withWordEdges(`${pattern(before)}#${pattern(behind)}`, before, behind),
      );
      if (forms.length === 0) return [];
      // A group name may appear only once in a pattern, so the number is extracted separately.
      const source = forms.map((form) => form.replace('#', `(?:\\d{1,4}|(?:${ONE})(?=\\s))`)).join('|');
      return [{ pattern: new RegExp(source, 'gu'), unit, sign }];
    }),
  );
}

/** Adjacent letters are not allowed, except in languages without spaces. */
function withWordEdges(form: string, before: string, behind: string): string {
  const isEastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Thai}]/u.test(
    before + behind,
  );
  return isEastAsian ? `(?<![\\d.,])${form}` : `(?<![\\p{L}\\d.,])${form}(?![\\p{L}\\d])`;
}

function pattern(text: string): string {
  return text
    .replaceAll(/[\\^$*+?()[\]{}|/]/g, '\\$&')
    .replaceAll('.', '\\.?')
    .replaceAll(' ', '\\s*');
}

/** Normalizes a text for comparison: lower case, plain spaces and apostrophes. */
function normalizePhrase(text: string, trimmed = true): string {
  const plain = text.toLowerCase().replaceAll(/\s+/g, ' ').replaceAll('’', "'");
  return trimmed ? plain.trim() : plain;
}
