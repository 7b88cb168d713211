import type { ParseResult } from './parse-result.ts';

/** ISO 4217 codes of currency signs and names. */
const SIGNS: Readonly<Record<string, string>> = {
  US$: 'USD',
  CA$: 'CAD',
  C$: 'CAD',
  AU$: 'AUD',
  A$: 'AUD',
  NZ$: 'NZD',
  HK$: 'HKD',
  NT$: 'TWD',
  MX$: 'MXN',
  R$: 'BRL',
  S$: 'SGD',
  $: 'USD',
  '£': 'GBP',
  '€': 'EUR',
  '¥': 'JPY',
  円: 'JPY',
  元: 'CNY',
  'CN¥': 'CNY',
  RMB: 'CNY',
  '₹': 'INR',
  'Rs.': 'INR',
  Rs: 'INR',
  RS: 'INR',
  rs: 'INR',
  '₩': 'KRW',
  원: 'KRW',
  '₽': 'RUB',
  'руб.': 'RUB',
  руб: 'RUB',
  '₴': 'UAH',
  грн: 'UAH',
  '₺': 'TRY',
  TL: 'TRY',
  '₪': 'ILS',
  '₫': 'VND',
  '฿': 'THB',
  '₦': 'NGN',
  '₱': 'PHP',
  '₲': 'PYG',
  '₡': 'CRC',
  '₸': 'KZT',
  '₼': 'AZN',
  '₾': 'GEL',
  '₵': 'GHS',
  zł: 'PLN',
  Kč: 'CZK',
  Ft: 'HUF',
  лв: 'BGN',
  lei: 'RON',
  'SFr.': 'CHF',
  'Fr.': 'CHF',
  RM: 'MYR',
  Rp: 'IDR',
};

/** Signs that several countries share, with the currency of each by region. */
const BY_REGION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  $: {
    CA: 'CAD',
    AU: 'AUD',
    NZ: 'NZD',
    SG: 'SGD',
    HK: 'HKD',
    TW: 'TWD',
    MX: 'MXN',
    AR: 'ARS',
    CL: 'CLP',
    CO: 'COP',
    UY: 'UYU',
  },
  '£': { EG: 'EGP', LB: 'LBP', GI: 'GIP' },
  '¥': { CN: 'CNY' },
  元: { TW: 'TWD', HK: 'HKD' },
  Rs: { PK: 'PKR', LK: 'LKR', NP: 'NPR', MU: 'MUR' },
  kr: { SE: 'SEK', NO: 'NOK', DK: 'DKK', IS: 'ISK', FO: 'DKK', GL: 'DKK' },
  lei: { MD: 'MDL' },
};

const CODES = new Set(Intl.supportedValuesOf('currency'));
// In lower case, most codes would be ordinary words: `all`, `try`, `top`.
const LOWERCASE_CODES = ['eur', 'usd', 'gbp', 'chf', 'Eur', 'Euro', 'euro', 'EURO'];
const SHARED = ['kr.', 'kr', 'Kr.', 'Kr', 'KR'];
/** Codes that, before a sign, are more often words than currencies. */
const CURRENCY_NAMES: ReadonlySet<string> = new Set([
  'ALL',
  'BAM',
  'BOB',
  'CUP',
  'GEL',
  'MAD',
  'MOP',
  'PEN',
  'TOP',
  'TRY',
]);
/** Country codes next to a dollar sign, perhaps with a space: `CA $5`, `5 $ US`. */
const DOLLAR_COUNTRIES: Readonly<Record<string, string>> = {
  US: 'USD',
  CA: 'CAD',
  AU: 'AUD',
  NZ: 'NZD',
  HK: 'HKD',
  NT: 'TWD',
  SG: 'SGD',
  MX: 'MXN',
  TW: 'TWD',
};
const COUNTRIES = Object.keys(DOLLAR_COUNTRIES).join('|');
// Longest first, so that `US$` is not parsed as `$`.
const WRITTEN = [...Object.keys(SIGNS), ...SHARED, ...LOWERCASE_CODES].sort((a, b) => b.length - a.length);
const SPACE = '[ \\u00a0\\u2009\\u202f]?';
const ONE = [
  // A single capital letter may be a size or a grade, so it does not name a currency.
  `(?:${COUNTRIES}|[A-Z])${SPACE}\\$`,
  `\\$${SPACE}(?:${COUNTRIES})`,
  ...WRITTEN.map((sign) => sign.replaceAll(/[$.]/g, '\\$&')),
  ...CODES,
].join('|');
const BRACKETED = `\\((?:${[...CODES].join('|')})\\)`;
// A code may directly precede a sign: `HKD$5`.
const SEVERAL = `(?:${ONE})(?:${SPACE}(?:${ONE}|${BRACKETED}))?`;
const START = new RegExp(`^\\s?(${SEVERAL}|${BRACKETED})(?!\\p{L})`, 'u');
const END = new RegExp(`(?<!\\p{L})((?:${BRACKETED}${SPACE})?(?:${SEVERAL}))\\s?$`, 'u');
const CODE = /(?<![\p{L}\p{N}])[A-Z]{3}(?![\p{L}\p{N}])/gu;
const EACH = new RegExp(ONE, 'gu');

/** Match a currency at the start of the text after a number, and at the end of the text before it. */
export { END as CURRENCY_AT_END, START as CURRENCY_AT_START };

/**
 * Returns the ISO 4217 code of the currency next to a number; null if there is none, or if several countries share the
 * sign and nothing decides (`kr`). A code in the text decides about a shared sign: `NZD $5`, `Price (CAD): $5`. Without
 * a code and a locale, `$` is the US dollar, `¥` the yen and `Rs` the Indian rupee.
 * @param region of the locale, such as `CA`
 */
export function findCurrency(
  before: string,
  after: string,
  region: string | undefined,
): ParseResult<string | null> {
  const bare = before.replace(/[-+]\s?(?=\S{0,3}\s?$)/, '');
  const behind = after.match(START)?.[1] ?? '';
  const ahead = bare.match(END)?.[1] ?? '';
  const country = ahead.endsWith('$') ? /^\s?([A-Z]{2})(?![\p{L}\p{N}])/u.exec(after)?.[1] : undefined;
  const written = [...(ahead.match(EACH) ?? []), ...(behind.match(EACH) ?? [])];
  if (country !== undefined && Object.hasOwn(DOLLAR_COUNTRIES, country)) written.push(`${country}$`);
  if (!written.every(isShared) || written.length === 0) return combineCodes(written, region);
  const codes = [...`${before} ${after}`.matchAll(CODE)].map(([code]) => code);
  const meant = codes.filter((code) => isPlainCode(code) && written.every((sign) => canMean(sign, code)));
  return combineCodes([...written, ...meant], region);
}

function isPlainCode(word: string): boolean {
  return CODES.has(word) && !CURRENCY_NAMES.has(word);
}

/** Returns the one currency that is consistent with all signs and codes next to the number. */
function combineCodes(written: readonly string[], region: string | undefined): ParseResult<string | null> {
  const shared = written.filter(isShared);
  const certain = new Set<string>();
  for (const one of written.filter((each) => !isShared(each))) {
    const code = getCode(one, region);
    const isWord = CURRENCY_NAMES.has(one) && written.length > 1;
    if (isWord && shared.some((sign) => canMean(sign, one))) return { value: null };
    if (code !== null && !isWord) certain.add(code);
    else if (!isWord) return { value: null };
  }
  const [code, ...others] = certain;
  if (code === undefined) {
    const meant = [...new Set(shared.map((sign) => getCode(sign, region)))];
    return meant.length > 1 ? { reason: TWO_CURRENCIES } : { value: meant[0] ?? null };
  }
  const fits = others.length === 0 && shared.every((sign) => canMean(sign, code));
  return fits ? { value: code } : { reason: TWO_CURRENCIES };
}

const TWO_CURRENCIES = 'names two currencies';

function isShared(written: string): boolean {
  return SHARED.includes(written) || Object.hasOwn(BY_REGION, normalizeSign(written));
}

function normalizeSign(written: string): string {
  const sign = written.replace(/\.$/, '');
  return sign === 'RS' || sign === 'rs' ? 'Rs' : sign;
}

/** Whether a shared sign is also used for this currency. */
function canMean(written: string, code: string): boolean {
  const sign = SHARED.includes(written) ? 'kr' : normalizeSign(written);
  return (
    SIGNS[sign] === code ||
    Object.values(BY_REGION[sign] ?? {}).includes(code) ||
    getNarrowSign(code).replace(/\.$/, '') === sign
  );
}

function getNarrowSign(currency: string): string {
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  });
  return format.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? '';
}

function getCode(written: string, region: string | undefined): string | null {
  const here = BY_REGION[SHARED.includes(written) ? 'kr' : normalizeSign(written)];
  const code = written.slice(0, 3).toUpperCase();
  return here?.[region ?? ''] ?? SIGNS[written] ?? getDollarCode(written) ?? (CODES.has(code) ? code : null);
}

/** Returns the code for `CA $` or `$ CA`. */
function getDollarCode(written: string): string | undefined {
  const country = written.replace('$', '').trim();
  return written.includes('$') && Object.hasOwn(DOLLAR_COUNTRIES, country)
    ? DOLLAR_COUNTRIES[country]
    : undefined;
}

const decimals = new Map<string, number>();

/** Returns the number of decimals of a currency's amounts. */
export function getDecimals(currency: string): number {
  const known = decimals.get(currency);
  if (known !== undefined) return known;
  const found = getIntlDecimals(currency);
  decimals.set(currency, found);
  return found;
}

function getIntlDecimals(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
