const CODES = 'EUR|USD|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF';
const SIGN = `(?:[A-Z]{0,3}\\p{Sc}|${CODES})`;
const AMOUNT = new RegExp(
  `^([-−]?)\\s?(${SIGN})?\\s?([-−]?)(\\d[\\d.,'’ \\u00a0\\u202f]*?)\\s?(${SIGN}|%)?$`,
  'u',
);

const PLAIN = /^(0|[1-9]\d*)(?:[.,](\d+))?$/;
/** Groups of three, of one kind of separator, then the other kind and decimals. */
const GROUPED = /^([1-9]\d{0,2}(?:([.,'’ \u00a0\u202f])\d{3})(?:\2\d{3})*)(?:([.,])(\d+))?$/;

/** Longer runs of plain digits are telephone numbers, ISBNs and the like. */
const MAX_BARE_DIGITS = 9;
/** What a double holds without loss. */
const MAX_DIGITS = 15;

/**
 * The number that a text is, if it can be nothing else; undefined otherwise, and the text stays.
 *
 * - `51.77`, `51,77`, `-3`, `0,5`, with a currency sign or code or `%` before or behind: `£51.77` → 51.77,
 *   `12 %` → 12 (the sign is dropped).
 * - Thousands in English and German style when both kinds of separator or several groups tell them apart:
 *   `1,234.56`, `1.234,56`, `1,234,567`, `1.234.567`; groups apart by a space or apostrophe when decimals or a
 *   currency sign follow or lead: `1 234,56 €`.
 * - One separator and three digits can be either style and stays a text: `1,234`, `1.234`.
 * - Leading zeros (`007`), a leading plus, more than nine plain digits (telephone numbers, ISBNs), and more digits
 *   than a double holds stay texts.
 */
export function toNumber(text: string): number | undefined {
  if (text.length > 40) return undefined;
  const amount = AMOUNT.exec(text);
  if (amount === null) return undefined;
  const [, outer, before, inner, digits = '', behind] = amount;
  if ((before && behind && behind !== '%') || (outer && inner)) return undefined;
  const marked = before !== undefined || behind !== undefined;
  const plain = parsePlainNumber(digits, marked) ?? parseGroupedNumber(digits, marked);
  if (plain === undefined || plain.replace('.', '').length > MAX_DIGITS) return undefined;
  const value = Number(plain);
  return (outer || inner) && value !== 0 ? -value : value;
}

function parsePlainNumber(digits: string, marked: boolean): string | undefined {
  const [, whole, decimals] = PLAIN.exec(digits) ?? [];
  if (whole === undefined) return undefined;
  if (decimals === undefined) return marked || whole.length <= MAX_BARE_DIGITS ? whole : undefined;
  const eitherStyle = decimals.length === 3 && whole !== '0' && whole.length <= 3;
  return eitherStyle ? undefined : `${whole}.${decimals}`;
}

function parseGroupedNumber(digits: string, marked: boolean): string | undefined {
  const [, groups, separator, point, decimals] = GROUPED.exec(digits) ?? [];
  if (groups === undefined || separator === undefined || separator === point) return undefined;
  const whole = groups.replaceAll(separator, '');
  if (decimals !== undefined) return `${whole}.${decimals}`;
  const several = groups.length > 7;
  const certain = /[.,]/.test(separator) ? several : marked;
  return certain ? whole : undefined;
}
