/** Languages whose month names do not contradict each other (`listopad` is October in Croatian, November in Czech). */
export const COMMON_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'sv', 'da', 'nb'];

const namesByLanguages = new Map<string, ReadonlyMap<string, number>>();
/** What pages write besides what Unicode's data know. */
const MORE_MONTHS = [
  ['sept', 9],
  ['mär', 3],
  ['mrz', 3],
] as const;

/**
 * Names and abbreviations of months with their numbers, in small letters and without a full stop: those of the first language
 * before those of the others.
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
    // With a day beside it some languages write the month in another case.
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

/** As the names are kept: `Nov.` is `nov`. */
export function normalizeMonth(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/**
 * A text with digits of all scripts as `0`–`9`, fullwidth signs as the usual ones, and one sign for each separator:
 * `-` for a minus, `.` and `’` for Arabic separators.
 */
export function normalizeDigits(text: string): string {
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(getDigitValue(digit.codePointAt(0) ?? 0)))
    .replaceAll('\u2212', '-')
    .replaceAll('\u066b', '.')
    .replaceAll('\u066c', '’')
    .replaceAll('\uffe5', '¥');
}

/** Digits of a script stand together in the order of their values, and sets of ten side by side. */
function getDigitValue(code: number): number {
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

/** What a locale says of figures and dates. */
export interface LocaleFacts {
  decimal: '.' | ',';
  /** Whether the day or the month comes first in a date in figures. */
  dayFirst: boolean;
  /** Such as `CA` of `en-CA`; of `de` that where most speak it. */
  region: string | undefined;
  language: string;
}

const factsByTag = new Map<string, LocaleFacts>();

/** @param tag a BCP 47 tag that {@link isLocale} takes, such as `de`, `en-GB` or `de_CH` */
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

/** Whether the data of this Node know the language. */
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
