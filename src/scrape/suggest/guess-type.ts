import { parseDate } from '../parsers/parse-date.ts';
import { parseNumber, parsePrice } from '../parsers/parse-number.ts';

/** The types that can be suggested for a field. */
export type GuessedType = 'date' | 'number' | 'price';

/** Fewer texts are not enough to guess a type. */
const MIN_TEXTS = 3;
/** A number with at most a word and a sign around it: `from £5.00 *`. */
const AMOUNT_ALONE = /^\D{0,8}\d[\d.,'’\s]*\D{0,8}$/u;
/**
 * A number alone. Numbers with a leading zero and long numbers are codes: a postcode, an ISBN, a telephone number.
 */
const NUMBER_ALONE = /^[-+]?(?!0\d)\d[\d.,'’\s]*(?<=\d)\s?%?$/u;
const MAX_DIGITS = 9;
const MAX_DATE_CHARACTERS = 40;

/**
 * Returns the type as which all texts of a field can be parsed unambiguously without a locale; `undefined` if a text
 * cannot be parsed or the type would be a guess.
 */
export function guessType(texts: readonly string[]): GuessedType | undefined {
  const nonEmpty = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (nonEmpty.length < MIN_TEXTS) return undefined;
  if (nonEmpty.every(isDate)) return 'date';
  if (nonEmpty.every(isPrice)) return 'price';
  return nonEmpty.every(isNumber) ? 'number' : undefined;
}

function isDate(text: string): boolean {
  // Digits alone may be seconds since 1970, but nothing indicates it.
  return text.length <= MAX_DATE_CHARACTERS && /[^\d]/.test(text) && 'value' in parseDate(text, undefined);
}

function isPrice(text: string): boolean {
  if (!AMOUNT_ALONE.test(text)) return false;
  const reading = parsePrice(text, undefined);
  return 'value' in reading && reading.value.currency !== null;
}

function isNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '').length;
  return digits <= MAX_DIGITS && NUMBER_ALONE.test(text) && 'value' in parseNumber(text, undefined);
}
