import { LOG_LEVELS, type LogLevel, type LogLine } from './line.ts';

/** Which lines are shown. */
export interface LogFilter {
  /** Lines of less importance are hidden. */
  readonly least: LogLevel;
  /** Only lines with this text; with `!` before it, only those without. Empty: all. */
  readonly text: string;
}

export const ALL_LINES: LogFilter = { least: 'debug', text: '' };

/** Whether a line is shown. One whose level is not known counts as `info`. */
export function passes({ level, text }: LogLine, filter: LogFilter): boolean {
  if (LOG_LEVELS.indexOf(level ?? 'info') < LOG_LEVELS.indexOf(filter.least)) return false;
  const { text: wanted } = filter;
  return wanted.startsWith('!') && wanted.length > 1 ? !has(text, wanted.slice(1)) : has(text, wanted);
}

/** Whether a text has another one in it; capitals count only when the wanted text has some. */
export function has(text: string, wanted: string): boolean {
  return wanted === '' || patternOf(wanted).test(text);
}

/** Where a text is found in another one: `[start, end)` of each place, in order, none within another. */
export function placesOf(text: string, wanted: string): { start: number; end: number }[] {
  if (wanted === '') return [];
  const places: { start: number; end: number }[] = [];
  const pattern = new RegExp(patternOf(wanted), 'gu'.concat(isPlain(wanted) ? 'i' : ''));
  for (const { index, 0: found } of text.matchAll(pattern))
    places.push({ start: index, end: index + found.length });
  return places;
}

let last: { wanted: string; pattern: RegExp } | undefined;

function patternOf(wanted: string): RegExp {
  // The same text is looked for in line after line.
  if (last?.wanted !== wanted) {
    const literal = wanted.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    last = { wanted, pattern: new RegExp(literal, isPlain(wanted) ? 'iu' : 'u') };
  }
  return last.pattern;
}

function isPlain(wanted: string): boolean {
  return wanted === wanted.toLowerCase();
}
