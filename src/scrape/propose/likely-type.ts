import { readDate } from '../read/date.ts';
import { readNumber, readPrice } from '../read/number.ts';

/** What a field's texts may be proposed as. */
export type LikelyType = 'date' | 'number' | 'price';

/** One text may be anything. */
const LEAST_TEXTS = 3;
/** A number, and at most a word and a sign around it: `from £5.00 *`. */
const AMOUNT_ALONE = /^\D{0,8}\d[\d.,'’\s]*\D{0,8}$/u;
/** A number and nothing else. Digits behind a zero, and many of them, are a code: a postcode, an ISBN, a telephone number. */
const NUMBER_ALONE = /^[-+]?(?!0\d)\d[\d.,'’\s]*(?<=\d)\s?%?$/u;
const MOST_DIGITS = 9;
const LONGEST_DATE = 40;

/**
 * What all of a field's texts can be read as, without a locale and without a doubt; `undefined` when one of them cannot, or
 * when it would be a guess.
 */
export function likelyType(texts: readonly string[]): LikelyType | undefined {
  const given = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (given.length < LEAST_TEXTS) return undefined;
  if (given.every(isDate)) return 'date';
  if (given.every(isPrice)) return 'price';
  return given.every(isNumber) ? 'number' : undefined;
}

function isDate(text: string): boolean {
  // Digits alone are seconds since 1970 only to who knows it.
  return text.length <= LONGEST_DATE && /[^\d]/.test(text) && 'value' in readDate(text, undefined);
}

function isPrice(text: string): boolean {
  const reading = readPrice(text, undefined);
  return AMOUNT_ALONE.test(text) && 'value' in reading && reading.value.currency !== null;
}

function isNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '').length;
  return digits <= MOST_DIGITS && NUMBER_ALONE.test(text) && 'value' in readNumber(text, undefined);
}
