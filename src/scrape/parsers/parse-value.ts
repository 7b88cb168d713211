import type { Price } from '../../core/lib/price.ts';
import type { LocaleFacts } from './locale-facts.ts';
import { parseDate } from './parse-date.ts';
import { parseInteger, parseNumber, parsePrice } from './parse-number.ts';
import { parseRelativeDate } from './parse-relative-date.ts';
import type { ParseResult } from './parse-result.ts';

const TRUE_TEXTS = new Set(
  'true|yes|y|on|1|ja|oui|si|sí|sim|tak|да|是|はい|✓|✔|✅|in stock|available|instock|auf lager|lieferbar|verfügbar|en stock|disponible|disponibile'.split(
    '|',
  ),
);
const FALSE_TEXTS = new Set(
  'false|no|n|off|0|nein|non|não|nie|нет|否|いいえ|✗|✘|❌|out of stock|sold out|unavailable|not available|outofstock|soldout|ausverkauft|nicht lieferbar|nicht verfügbar|épuisé|agotado|esaurito'.split(
    '|',
  ),
);

/**
 * Parses a word for yes or no, including stock states of shops (`In stock (22 available)`,
 * `https://schema.org/InStock`). Text in brackets at the end and a full stop are ignored.
 */
export function parseBoolean(text: string): ParseResult<boolean> {
  const word = text
    .toLowerCase()
    .replace(/^https?:\/\/schema\.org\//, '')
    .replace(/\s*\([^)]{0,60}\)\s*$/, '')
    .replace(/[.!]\s*$/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (TRUE_TEXTS.has(word)) return { value: true };
  return FALSE_TEXTS.has(word) ? { value: false } : { reason: 'is neither yes nor no' };
}

/** Attributes whose presence means yes, whatever their value (HTML standard). */
export const BOOLEAN_ATTRIBUTES: ReadonlySet<string> = new Set(
  'allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate hidden inert ismap itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected'.split(
    ' ',
  ),
);

/** Types as which a text can be parsed; their names in the configuration. */
export const VALUE_TYPES = ['number', 'integer', 'boolean', 'date', 'price'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/**
 * Parses a text as a type.
 * @param text trimmed and not empty
 * @param now reference time of relative dates (`3 hours ago`), in epoch milliseconds; without it they are not parsed
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
  return 'value' in relative || result.reason === 'is not a date' ? relative : result;
}
