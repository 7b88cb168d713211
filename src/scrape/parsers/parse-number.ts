import { CURRENCY_AT_END, CURRENCY_AT_START, findCurrency, getDecimals } from './currency.ts';
import { type LocaleFacts, normalizeDigits } from './locale-facts.ts';
import { AMBIGUOUS, type ParseResult } from './parse-result.ts';

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
/** Number of digits that a double represents exactly. */
const MAX_DIGITS = 15;

const SPACE = '[ \\u00a0\\u2009\\u202f]';
/** Groups of three digits separated by spaces; digits with points, commas or apostrophes; decimals alone. */
const FIGURES = new RegExp(
  `\\d{1,3}(?:${SPACE}\\d{3})+(?!\\d)(?:[.,]\\d+)?|\\d+(?:[.,'’]\\d+)*|(?<![\\d\\p{L}])[.,]\\d+`,
  'gu',
);

/** Finds the number in a text. There must be exactly one. */
function findNumber(text: string): ParseResult<NumberText> {
  if (text.length > MAX_CHARACTERS) return { reason: 'is not a number' };
  const plain = normalizeDigits(text);
  const [found, ...others] = plain.matchAll(FIGURES);
  if (found === undefined) return { reason: 'is not a number' };
  if (others.length > 0) return { reason: 'contains several numbers' };
  const before = plain.slice(0, found.index);
  // `12,-` and `12.–` are whole amounts, so the dash is removed.
  const after = plain.slice(found.index + found[0].length).replace(/^[.,]\s?[-–—]+/, '');
  return { value: { figures: found[0], negative: false, before, after } };
}

interface AmountRules {
  /** The decimal separator of the locale, if there is one. */
  decimal?: '.' | ',' | undefined;
  /** Whether, without a locale, three digits after a single separator are thousands. */
  threeDigitsGroup: boolean;
}

/**
 * Returns the value of digits and separators. A separator that appears several times, or before another one, groups
 * digits: by three, or as in India (`1,23,456`). A separator not followed by three digits is the decimal separator. The
 * rules decide about the remaining case, `1,234`.
 */
function parseFigures(figures: string, rules: AmountRules): ParseResult<number> {
  const plain = toDecimal(figures.replaceAll(new RegExp(SPACE, 'g'), ''), rules);
  if (typeof plain !== 'string') return plain;
  if (plain.replace('.', '').replace(/^0+/, '').length > MAX_DIGITS) return { reason: 'has too many digits' };
  return { value: Number(plain) };
}

function toDecimal(text: string, rules: AmountRules): string | { reason: string } {
  const signs = text.match(/[.,'’]/g) ?? [];
  const last = signs.at(-1);
  if (last === undefined) return text;
  const at = text.lastIndexOf(last);
  const [whole, decimals] = [text.slice(0, at), text.slice(at + 1)];
  const count = signs.filter((sign) => sign === last).length;
  const isDecimalSign = count === 1 && /[.,]/.test(last);
  if (!isDecimalSign) return parseGrouped(text) ?? { reason: 'is not a number' };
  if (signs.length > 1) {
    const digits = parseGrouped(whole);
    return digits === undefined ? { reason: 'is not a number' } : `${digits}.${decimals}`;
  }
  const mayGroup = decimals.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  if (!mayGroup || last === rules.decimal) return `${whole || '0'}.${decimals}`;
  if (rules.decimal !== undefined || rules.threeDigitsGroup) return whole + decimals;
  return { reason: AMBIGUOUS };
}

/** Returns the digits of `1.234.567`, `1’234` or `1,23,456`: one kind of separator, and a last group of three. */
function parseGrouped(text: string): string | undefined {
  return /^\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*$/.test(text) || /^\d{1,2}(?:,\d{2})*,\d{3}$/.test(text)
    ? text.replaceAll(/[.,'’]/g, '')
    : undefined;
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

export interface Price {
  [key: string]: number | string | null;
  amount: number;
  /** ISO 4217, such as `GBP`; null if the text names no currency. */
  currency: string | null;
}

const SCIENTIFIC = /^[-+]?\d+(?:\.\d+)?e[-+]?\d{1,3}$/i;

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

const CODES = 'EUR|USD|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF';
const SIGN = `(?:[A-Z]{0,3}\\p{Sc}|${CODES})`;
const WHOLE_AMOUNT = new RegExp(
  `^([-−]?)\\s?(${SIGN})?\\s?([-−]?)(\\d[\\d.,'’ \\u00a0\\u202f]*?)\\s?(${SIGN}|%)?$`,
  'u',
);
const PLAIN = /^(?:0|[1-9]\d*)(?<decimals>[.,]\d+)?$/;
/** Groups of three digits with one kind of separator, then another separator and decimals. */
const GROUPED =
  /^(?<groups>[1-9]\d{0,2}(?<mark>[.,'’ \u00a0\u202f])\d{3}(?:\k<mark>\d{3})*)(?<decimals>(?!\k<mark>)[.,]\d+)?$/;

const MAX_WHOLE_CHARACTERS = 40;
/** Longer runs of digits are telephone numbers, ISBNs and the like. */
const MAX_BARE_DIGITS = 9;

/**
 * Implements `convert_numbers`. Returns the number if the text can only be that number; otherwise undefined, and the
 * text stays.
 *
 * - `51.77`, `51,77`, `-3`, `0,5`, with a currency sign or code or `%` before or after: `£51.77` → 51.77, `12 %` → 12
 *   (the sign is dropped).
 * - Thousands in English and German style, if both kinds of separator or several groups make them clear: `1,234.56`,
 *   `1.234,56`, `1,234,567`, `1.234.567`. Groups separated by a space or apostrophe, if there are decimals or a
 *   currency sign: `1 234,56 €`.
 * - One separator and three digits can be either style and stay a text: `1,234`, `1.234`.
 * - Leading zeros (`007`), a leading plus, more than nine plain digits (telephone numbers, ISBNs), and more digits than
 *   a double represents stay texts.
 */
export function parseCertainNumber(text: string): number | undefined {
  if (text.length > MAX_WHOLE_CHARACTERS) return undefined;
  const [, outer, before, inner, figures, behind] = WHOLE_AMOUNT.exec(text) ?? [];
  if (figures === undefined || (before && behind && behind !== '%') || (outer && inner)) return undefined;
  if (!isCertain(figures, before !== undefined || behind !== undefined)) return undefined;
  const result = parseFigures(figures, { threeDigitsGroup: false });
  if ('reason' in result) return undefined;
  return (outer || inner) && result.value !== 0 ? -result.value : result.value;
}

/** Whether digits are an amount, and not a telephone number, date or version. @param isMarked by a currency or `%` */
function isCertain(figures: string, isMarked: boolean): boolean {
  const digits = figures.replaceAll(/\D/g, '').length;
  if (digits > MAX_DIGITS) return false;
  const plain = PLAIN.exec(figures)?.groups;
  if (plain !== undefined) return isMarked || plain['decimals'] !== undefined || digits <= MAX_BARE_DIGITS;
  const { groups, mark = '', decimals } = GROUPED.exec(figures)?.groups ?? {};
  return groups !== undefined && (decimals !== undefined || isMarked || /[.,]/.test(mark));
}
