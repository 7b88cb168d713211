/** Languages whose month names do not conflict (`listopad` is October in Croatian, November in Czech). */
export const COMMON_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'sv', 'da', 'nb'];

const namesByLanguages = new Map<string, ReadonlyMap<string, number>>();
/** Abbreviations found on pages but missing in Unicode's data. */
const MORE_MONTHS = [
  ['sept', 9],
  ['mär', 3],
  ['mrz', 3],
] as const;

/**
 * Returns names and abbreviations of months with their numbers, in lower case and without a full stop. If languages
 * conflict, the first one wins.
 */
export function getMonthNames(languages: readonly string[]): ReadonlyMap<string, number> {
  const key = languages.join();
  const before = namesByLanguages.get(key);
  if (before !== undefined) return before;
  const names = new Map<string, number>();
  for (const each of languages) addNames(each, names);
  for (const [name, month] of MORE_MONTHS) if (!names.has(name)) names.set(name, month);
  namesByLanguages.set(key, names);
  return names;
}

function addNames(language: string, names: Map<string, number>): void {
  for (const style of ['long', 'short'] as const) {
    // Next to a day, some languages use another grammatical case.
    for (const day of [undefined, 'numeric'] as const) {
      const format = new Intl.DateTimeFormat(language, {
        month: style,
        ...(day && { day }),
        timeZone: 'UTC',
      });
      for (let month = 1; month <= 12; month += 1) {
        const parts = format.formatToParts(Date.UTC(2026, month - 1, 15));
        const name = normalizeMonth(parts.find(({ type }) => type === 'month')?.value ?? '');
        if (/^\p{L}{3,}$/u.test(name) && !names.has(name)) names.set(name, month);
      }
    }
  }
}

/** Normalizes a name for lookups: `Nov.` becomes `nov`. */
export function normalizeMonth(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

const BEYOND_LATIN_1 = /[^\0-\xff]/;

/**
 * Replaces digits of all scripts by `0`–`9`, fullwidth signs by the usual ones, and separators by one sign each: `-`
 * for a minus, `.` and `’` for Arabic separators.
 */
export function normalizeDigits(text: string): string {
  // Latin-1 has no digit or sign that is written otherwise.
  if (!BEYOND_LATIN_1.test(text)) return text;
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(getDigitValue(digit.codePointAt(0) ?? 0)))
    .replaceAll('\u2212', '-')
    .replaceAll('\u066b', '.')
    .replaceAll('\u066c', '’')
    .replaceAll('\uffe5', '¥');
}

/** In Unicode, the digits of a script are consecutive in order of value, and sets of ten may be adjacent. */
function getDigitValue(code: number): number {
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

/** How a locale writes numbers and dates. */
export interface LocaleFacts {
  decimal: '.' | ',';
  /** Whether numeric dates have the day before the month. */
  dayFirst: boolean;
  /** Such as `CA` for `en-CA`. Without a region in the tag: the language's main region. */
  region: string | undefined;
  language: string;
}

const factsByTag = new Map<string, LocaleFacts>();

/** Returns the facts of a locale. @param tag a BCP 47 tag that {@link isLocale} accepts: `de`, `en-GB` or `de_CH` */
export function getLocaleFacts(tag: string): LocaleFacts {
  const before = factsByTag.get(tag);
  if (before !== undefined) return before;
  const locale = normalizeTag(tag);
  const number = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(1.5);
  const decimal = number.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.';
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric', year: 'numeric' });
  const order = date.formatToParts(0).map(({ type }) => type);
  const dayFirst = order.indexOf('day') < order.indexOf('month');
  const { region, language } = new Intl.Locale(locale).maximize();
  const facts: LocaleFacts = { decimal, dayFirst, region, language };
  factsByTag.set(tag, facts);
  return facts;
}

/** Whether this Node has data for the language. */
export function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf([normalizeTag(tag)]).length > 0;
  } catch {
    return false;
  }
}

function normalizeTag(tag: string): string {
  return tag.trim().replaceAll('_', '-');
}
