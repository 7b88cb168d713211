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
