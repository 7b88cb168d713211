import { checkAffixes } from './check-affixes.ts';
import { findCurrency, getDecimals } from './currency.ts';
import type { LocaleFacts } from './locale-facts.ts';
import { type AmountRules, findNumber, parseFigures } from './parse-amount.ts';
import type { ParseResult } from './parse-result.ts';

export interface Price {
  [key: string]: number | string | null;
  amount: number;
  /** ISO 4217, such as `GBP`; null when none is named. */
  currency: string | null;
}

const SCIENTIFIC = /^[-+]?\d+(?:\.\d+)?e[-+]?\d{1,3}$/i;

/**
 * The number in a text: `51.77`, `£51.77`, `1.234,50 €`, `12 %`, `In stock (22 available)`. Null is never guessed: two
 * numbers, a number that is part of a word, or `1,234` without a locale cannot be read.
 */
export function parseNumber(text: string, locale: LocaleFacts | undefined): ParseResult<number> {
  if (SCIENTIFIC.test(text) && Number.isFinite(Number(text))) return { value: Number(text) };
  return parseAmount(text, { decimal: locale?.decimal, threeDigitsGroup: false });
}

/** A number without decimals other than zeros; `1,234` has none. */
export function parseInteger(text: string, locale: LocaleFacts | undefined): ParseResult<number> {
  const result = parseAmount(text, { decimal: locale?.decimal, threeDigitsGroup: true });
  if ('reason' in result || Number.isInteger(result.value)) return result;
  return { reason: 'is no whole number' };
}

/**
 * An amount and its currency: `£51.77`, `1.234,56 €`, `1'234.50`, `₹1,23,456`, `Rs 500`, `from USD 5`. Three digits
 * behind the only separator are thousands, unless the currency has three decimals.
 */
export function parsePrice(text: string, locale: LocaleFacts | undefined): ParseResult<Price> {
  const found = findNumber(text);
  if ('reason' in found) return found;
  const beside = findCurrency(found.value.before, found.value.after, locale?.region);
  if ('reason' in beside) return beside;
  const currency = beside.value;
  const threeDigitsGroup = currency === null || getDecimals(currency) !== 3;
  const result = parseAmount(text, { decimal: locale?.decimal, threeDigitsGroup });
  return 'reason' in result ? result : { value: { amount: result.value, currency } };
}

function parseAmount(text: string, rules: AmountRules): ParseResult<number> {
  const found = findNumber(text);
  if ('reason' in found) return found;
  const affixes = checkAffixes(found.value);
  if ('reason' in affixes) return affixes;
  const { figures, negative } = affixes.value;
  const result = parseFigures(figures, rules);
  if ('reason' in result) return result;
  return { value: negative && result.value !== 0 ? -result.value : result.value };
}
