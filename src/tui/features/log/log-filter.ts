import { LOG_LEVELS, type LogFilter, type LogLine } from './model.ts';

/** Whether a line is shown. A line without a known level counts as `info`. */
export function matchesFilter({ level, text }: LogLine, filter: LogFilter): boolean {
  if (LOG_LEVELS.indexOf(level ?? 'info') < LOG_LEVELS.indexOf(filter.minLevel)) return false;
  const { text: query } = filter;
  return query.startsWith('!') && query.length > 1
    ? !includesText(text, query.slice(1))
    : includesText(text, query);
}

/** Whether a text contains another one. Case matters only when the query contains capitals. */
export function includesText(text: string, query: string): boolean {
  return query === '' || searchPattern(query).test(text);
}

/** The non-overlapping matches of a query in a text, in order, as `[start, end)`. */
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
  // Cached, because one query is matched against many lines.
  if (last?.query !== query) {
    const literal = query.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    last = { query, pattern: new RegExp(literal, isPlain(query) ? 'iu' : 'u') };
  }
  return last.pattern;
}

function isPlain(query: string): boolean {
  return query === query.toLowerCase();
}
