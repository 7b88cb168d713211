import { parseDate } from '../parsers/parse-date.ts';
import { parseNumber, parsePrice } from '../parsers/parse-number.ts';

/** What a field's texts may be proposed as. */
export type GuessedType = 'date' | 'number' | 'price';

/** One text may be anything. */
const MIN_TEXTS = 3;
/** A number, and at most a word and a sign around it: `from £5.00 *`. */
const AMOUNT_ALONE = /^\D{0,8}\d[\d.,'’\s]*\D{0,8}$/u;
/** A number and nothing else. Digits behind a zero, and many of them, are a code: a postcode, an ISBN, a telephone number. */
const NUMBER_ALONE = /^[-+]?(?!0\d)\d[\d.,'’\s]*(?<=\d)\s?%?$/u;
const MAX_DIGITS = 9;
const MAX_DATE_CHARACTERS = 40;

/**
 * What all of a field's texts can be read as, without a locale and without a doubt; `undefined` when one of them cannot, or
 * when it would be a guess.
 */
export function guessType(texts: readonly string[]): GuessedType | undefined {
  const nonEmpty = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (nonEmpty.length < MIN_TEXTS) return undefined;
  if (nonEmpty.every(isDate)) return 'date';
  if (nonEmpty.every(isPrice)) return 'price';
  return nonEmpty.every(isNumber) ? 'number' : undefined;
}

function isDate(text: string): boolean {
  // Digits alone are seconds since 1970 only to who knows it.
  return text.length <= MAX_DATE_CHARACTERS && /[^\d]/.test(text) && 'value' in parseDate(text, undefined);
}

function isPrice(text: string): boolean {
  const reading = parsePrice(text, undefined);
  return AMOUNT_ALONE.test(text) && 'value' in reading && reading.value.currency !== null;
}

function isNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '').length;
  return digits <= MAX_DIGITS && NUMBER_ALONE.test(text) && 'value' in parseNumber(text, undefined);
}
