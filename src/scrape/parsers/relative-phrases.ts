import { COMMON_LANGUAGES } from './locale-facts.ts';

/** A unit of time in relative dates. */
export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

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
export interface Phrases {
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
export function getRelativePhrases(language: string | undefined): Phrases {
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
export function normalizePhrase(text: string, trimmed = true): string {
  const plain = text.toLowerCase().replaceAll(/\s+/g, ' ').replaceAll('’', "'");
  return trimmed ? plain.trim() : plain;
}
