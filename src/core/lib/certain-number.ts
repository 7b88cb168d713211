/** The value of digits, or a reason that completes a sentence beginning with them ("is not a number"). */
type Figures = { value: number } | { reason: string };

/** The reason for a text whose meaning depends on the country. */
export const AMBIGUOUS = 'can be read in two ways (set locale: en, for example)';

/** Number of digits that a double represents exactly. */
const MAX_DIGITS = 15;

/** The spaces that may separate groups of digits, as part of a pattern. */
export const DIGIT_SPACE = '[ \\u00a0\\u2009\\u202f]';

export interface AmountRules {
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
export function parseFigures(figures: string, rules: AmountRules): Figures {
  const plain = toDecimal(figures.replaceAll(new RegExp(DIGIT_SPACE, 'g'), ''), rules);
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
 * Implements `convert_numbers`, and compares texts of items as numbers. Returns the number if the text can only be that number; otherwise undefined, and the
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
