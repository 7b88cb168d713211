import { matchPattern } from '../parsers/match-pattern.ts';
import { isUsable } from './element-marks.ts';

/** The minimum share of values that a pattern has to fit. */
const MIN_SHARE = 0.6;
const MAX_CONTEXT = 40;

/**
 * Finds the pattern that takes an example out of a longer text, and fits the texts of the other rows: `by (.+)` for
 * `by Ann Lee`, `(\d+)` for a number in a sentence.
 * @param text the text that holds the example
 * @param values the texts of all rows
 * @returns undefined if no simple pattern does
 */
export function findPartPattern(
  text: string,
  example: string,
  values: readonly string[],
): string | undefined {
  const wanted = example.replaceAll(/\s+/g, ' ').trim();
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return undefined;
  const shown = text.slice(at, at + wanted.length);
  const [before, after] = [text.slice(0, at), text.slice(at + wanted.length)];
  const isNumber = /^\d[\d.,]*$/.test(shown);
  const inner = isNumber ? '\\d[\\d.,]*' : /^\S+$/.test(shown) ? '\\S+' : '.+?';
  const patterns = [
    ...(before.length + after.length <= MAX_CONTEXT ? [`^${quote(before)}(${inner})${quote(after)}$`] : []),
    `${quote(before.slice(-MAX_CONTEXT).replace(/^.*\s(?=\S)/, ''))}(${inner})(?:\\s|$)`,
    ...(before.trim() === '' ? [`^(${inner})${quote(after.slice(0, 1))}`] : []),
    ...(after.trim() === '' ? [`${quote(before.slice(-1))}(${inner})$`] : []),
    ...(isNumber ? [`(${inner})`] : []),
  ];
  return patterns.find((pattern) => {
    if (!isUsable(pattern)) return false;
    const own = matchPattern(pattern, text);
    const fitting = values.filter((value) => matchesPattern(pattern, value)).length;
    return 'value' in own && own.value === shown && fitting >= values.length * MIN_SHARE;
  });
}

export function matchesPattern(pattern: string, value: string): boolean {
  return 'value' in matchPattern(pattern, value);
}

function quote(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
