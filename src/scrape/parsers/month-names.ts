/** Languages whose month names do not contradict each other (`listopad` is October in Croatian, November in Czech). */
export const COMMON_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'sv', 'da', 'nb'];

const namesByLanguage = new Map<string, ReadonlyMap<string, number>>();

/**
 * Names and abbreviations of months with their numbers, in small letters and without a full stop: those of a language,
 * before those of the languages of western Europe.
 */
export function getMonthNames(language: string | undefined): ReadonlyMap<string, number> {
  const key = language ?? '';
  const before = namesByLanguage.get(key);
  if (before !== undefined) return before;
  const names = new Map<string, number>();
  for (const each of language === undefined ? COMMON_LANGUAGES : [language, ...COMMON_LANGUAGES])
    addNames(each, names);
  for (const [name, month] of [
    ['sept', 9],
    ['mrz', 3],
  ] as const)
    if (!names.has(name)) names.set(name, month);
  namesByLanguage.set(key, names);
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
