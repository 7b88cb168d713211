import { type AmountRules, DIGIT_SPACE, parseFigures } from '../../core/lib/certain-number.ts';
import type { Price } from '../../core/lib/price.ts';
import { CURRENCY_AT_END, CURRENCY_AT_START, findCurrency, getDecimals } from './currency.ts';
import { type LocaleFacts, normalizeDigits } from './locale-facts.ts';
import type { ParseResult } from './parse-result.ts';

/** The only number in a text, with the text around it. */
interface NumberText {
  /** The digits and separators as written, without a sign: `1.234,56`. */
  figures: string;
  negative: boolean;
  before: string;
  after: string;
}

/** Longer texts are prose, not a number with a few words around it. */
const MAX_CHARACTERS = 300;

/** Groups of three digits separated by spaces; digits with points, commas or apostrophes; decimals alone. */
const FIGURES = new RegExp(
  `\\d{1,3}(?:${DIGIT_SPACE}\\d{3})+(?!\\d)(?:[.,]\\d+)?|\\d+(?:[.,'’]\\d+)*|(?<![\\d\\p{L}])[.,]\\d+`,
  'gu',
);

const SCIENTIFIC = /^[-+]?\d+(?:\.\d+)?e[-+]?\d{1,9}$/i;

/** Finds the number in a text. There must be exactly one. */
function findNumber(text: string): ParseResult<NumberText> {
  if (text.length > MAX_CHARACTERS) return { reason: 'is not a number' };
  if (SCIENTIFIC.test(text) && !Number.isFinite(Number(text)))
    return { reason: 'is a number that is too large to be held' };
  const plain = normalizeDigits(text);
  const [found, ...others] = plain.matchAll(FIGURES);
  if (found === undefined) return { reason: 'is not a number' };
  if (others.length > 0) return { reason: 'contains several numbers' };
  const before = plain.slice(0, found.index);
  // `12,-` and `12.–` are whole amounts, so the dash is removed.
  const after = plain.slice(found.index + found[0].length).replace(/^[.,]\s?[-–—]+/, '');
  return { value: { figures: found[0], negative: false, before, after } };
}

/** Words after a number that change its value. */
const MAGNITUDE =
  /^\s?(?:k|m|mn|mm|bn?|t|tn|tsd|mio|mrd|mln|mld|mil|lakhs?|lac|crores?|cr|thousand|(?:mi|bi|tri)ll?[io]\p{L}*|million\p{L}*|milliard\p{L}*|tausend|cent|cents|dozen)(?![\p{L}\p{N}])|^\s?[千万萬亿億兆만억]/iu;

/**
 * Checks the text around a number. Signs, currencies, percent signs and separate words are allowed. Adjacent letters
 * are not (`A12`, `5th`, `12kg`), nor are magnitudes such as `k` and `million`.
 */
function checkAffixes({ figures, before, after }: NumberText): ParseResult<NumberText> {
  const behind = after.replace(CURRENCY_AT_START, ' ').replace(/^\s?[%‰]/, ' ');
  if (MAGNITUDE.test(behind)) return { reason: 'writes part of its number in words' };
  if (/^[\p{L}\p{N}_]|^-\p{L}|^[.,'’/:]\d/u.test(behind)) return { reason: 'is not a number' };
  const [, signed = before, innerSign = ''] = /^(.*?)([-+])\s?$/su.exec(before) ?? [];
  const front = signed.replace(CURRENCY_AT_END, ' ');
  const [, unsigned = front, outerSign = ''] = /^(.*?)([-+])\s*$/su.exec(front) ?? [];
  const rest = front === signed ? signed : unsigned;
  if (/[\p{L}\p{N}_.,'’/:]$/u.test(rest)) return { reason: 'is not a number' };
  const negative = innerSign === '-' || (front !== signed && outerSign === '-');
  return { value: { figures, negative, before, after } };
}

/**
 * Parses the number in a text: `51.77`, `£51.77`, `1.234,50 €`, `12 %`, `In stock (22 available)`. Values are never
 * guessed: two numbers, a number that is part of a word, or `1,234` without a locale yield a reason.
 */
export function parseNumber(text: string, locale: LocaleFacts | undefined): ParseResult<number> {
  if (SCIENTIFIC.test(text) && Number.isFinite(Number(text))) return { value: Number(text) };
  return parseAmount(text, { decimal: locale?.decimal, threeDigitsGroup: false });
}

/** Like {@link parseNumber}, but decimals must be zero; `1,234` is accepted, because an integer has no decimals. */
export function parseInteger(text: string, locale: LocaleFacts | undefined): ParseResult<number> {
  const result = parseAmount(text, { decimal: locale?.decimal, threeDigitsGroup: true });
  if ('reason' in result || Number.isInteger(result.value)) return result;
  return { reason: 'is not a whole number' };
}

/**
 * Parses an amount and its currency: `£51.77`, `1.234,56 €`, `1'234.50`, `₹1,23,456`, `Rs 500`, `from USD 5`. Three
 * digits after a single separator are thousands, unless the currency has three decimals.
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
