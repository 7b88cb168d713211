import { LOG_LEVELS, type LogFilter, type LogLine } from './model.ts';

/** Whether a line is shown. One whose level is not known counts as `info`. */
export function matchesFilter({ level, text }: LogLine, filter: LogFilter): boolean {
  if (LOG_LEVELS.indexOf(level ?? 'info') < LOG_LEVELS.indexOf(filter.minLevel)) return false;
  const { text: query } = filter;
  return query.startsWith('!') && query.length > 1
    ? !includesText(text, query.slice(1))
    : includesText(text, query);
}

/** Whether a text has another one in it; capitals count only when the wanted text has some. */
export function includesText(text: string, query: string): boolean {
  return query === '' || searchPattern(query).test(text);
}

/** Where a text is found in another one: `[start, end)` of each place, in order, none within another. */
export function findOccurrences(text: string, query: string): { start: number; end: number }[] {
  if (query === '') return [];
  const places: { start: number; end: number }[] = [];
  const pattern = new RegExp(searchPattern(query), 'gu'.concat(isPlain(query) ? 'i' : ''));
  for (const { index, 0: found } of text.matchAll(pattern))
    places.push({ start: index, end: index + found.length });
  return places;
}

let last: { query: string; pattern: RegExp } | undefined;

function searchPattern(query: string): RegExp {
  // The same text is looked for in line after line.
  if (last?.query !== query) {
    const literal = query.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    last = { query, pattern: new RegExp(literal, isPlain(query) ? 'iu' : 'u') };
  }
  return last.pattern;
}

function isPlain(query: string): boolean {
  return query === query.toLowerCase();
}
