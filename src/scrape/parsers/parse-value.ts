import type { LocaleFacts } from './locale-facts.ts';
import { parseBoolean } from './parse-boolean.ts';
import { parseDate } from './parse-date.ts';
import { type Price, parseInteger, parseNumber, parsePrice } from './parse-number.ts';
import { parseRelativeDate } from './parse-relative-date.ts';
import type { ParseResult } from './parse-result.ts';

/** What a text can be read as, by the names of the configuration. */
export const VALUE_TYPES = ['number', 'integer', 'boolean', 'date', 'price'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/**
 * @param text trimmed and not empty
 * @param now what dates that are told from now (`3 hours ago`) count from, in epoch milliseconds; without it they are none
 */
export function parseValue(
  type: ValueType,
  text: string,
  locale: LocaleFacts | undefined,
  now?: number,
): ParseResult<number | boolean | string | Price> {
  switch (type) {
    case 'number':
      return parseNumber(text, locale);
    case 'integer':
      return parseInteger(text, locale);
    case 'boolean':
      return parseBoolean(text);
    case 'date':
      return parseAnyDate(text, locale, now);
    case 'price':
      return parsePrice(text, locale);
  }
}

function parseAnyDate(
  text: string,
  locale: LocaleFacts | undefined,
  now: number | undefined,
): ParseResult<string> {
  const result = parseDate(text, locale);
  if ('value' in result || now === undefined) return result;
  const relative = parseRelativeDate(text, locale, now);
  return 'value' in relative || result.reason === 'is no date' ? relative : result;
}
