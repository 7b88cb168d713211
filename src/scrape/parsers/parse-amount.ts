import { normalizeDigits } from './normalize-digits.ts';
import { AMBIGUOUS, type ParseResult } from './parse-result.ts';

/** The one number that stands in a text, with what stands around it. */
export interface NumberText {
  /** As written, without a sign: `1.234,56`. */
  figures: string;
  negative: boolean;
  before: string;
  after: string;
}

/** A longer text is no number with some words around. */
const MAX_CHARACTERS = 300;
/** What a double holds without loss. */
const MAX_DIGITS = 15;

const SPACE = '[ \\u00a0\\u2009\\u202f]';
/** Groups of three apart by spaces; figures with points, commas and apostrophes; decimals alone. */
const FIGURES = new RegExp(
  `\\d{1,3}(?:${SPACE}\\d{3})+(?!\\d)(?:[.,]\\d+)?|\\d+(?:[.,'’]\\d+)*|(?<![\\d\\p{L}])[.,]\\d+`,
  'gu',
);

/** Finds the number in a text: there must be exactly one. */
export function findNumber(text: string): ParseResult<NumberText> {
  if (text.length > MAX_CHARACTERS) return { reason: 'is no number' };
  const plain = normalizeDigits(text);
  const [found, ...others] = plain.matchAll(FIGURES);
  if (found === undefined) return { reason: 'is no number' };
  if (others.length > 0) return { reason: 'holds several numbers' };
  const before = plain.slice(0, found.index);
  // `12,-` and `12.–` are whole amounts.
  const after = plain.slice(found.index + found[0].length).replace(/^[.,]\s?[-–—]+/, '');
  return { value: { figures: found[0], negative: false, before, after } };
}

export interface AmountRules {
  /** The decimal sign of the locale, where one is given. */
  decimal?: '.' | ',' | undefined;
  /** Three digits behind the only separator are thousands, where no locale says otherwise. */
  threeDigitsGroup: boolean;
}

/**
 * The value of figures. A separator that appears several times, or before another one, groups digits, by three or
 * as in India (`1,23,456`); one with other than three digits behind it is the decimal sign. What is left, `1,234`, is
 * for the rules to decide.
 */
export function parseFigures(figures: string, rules: AmountRules): ParseResult<number> {
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
  if (!isDecimalSign) return parseGrouped(text) ?? { reason: 'is no number' };
  if (signs.length > 1) {
    const digits = parseGrouped(whole);
    return digits === undefined ? { reason: 'is no number' } : `${digits}.${decimals}`;
  }
  const mayGroup = decimals.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  if (!mayGroup || last === rules.decimal) return `${whole || '0'}.${decimals}`;
  if (rules.decimal !== undefined || rules.threeDigitsGroup) return whole + decimals;
  return { reason: AMBIGUOUS };
}

/** The digits of `1.234.567`, `1’234` or `1,23,456`: one kind of separator, the last group of three. */
function parseGrouped(text: string): string | undefined {
  return /^\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*$/.test(text) || /^\d{1,2}(?:,\d{2})*,\d{3}$/.test(text)
    ? text.replaceAll(/[.,'’]/g, '')
    : undefined;
}
