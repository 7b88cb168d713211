/** ISO 4217 codes of what people write in their place. */
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

/** Signs that several countries have: what they stand for in each, by its region. */
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
// In small letters most codes would be words: `all`, `try`, `top`.
const SMALL_CODES = ['eur', 'usd', 'gbp', 'chf', 'Eur', 'Euro', 'euro', 'EURO'];
const SHARED = ['kr.', 'kr', 'Kr.', 'Kr', 'KR'];
// Longer ones first, so that `US$` is not read as `$`.
const WRITTEN = [...Object.keys(SIGNS), ...SHARED, ...SMALL_CODES].sort((a, b) => b.length - a.length);
const ALTERNATIVES = [...WRITTEN.map((sign) => sign.replaceAll(/[$.]/g, '\\$&')), ...CODES].join('|');
const START = new RegExp(`^\\s?(${ALTERNATIVES})(?!\\p{L})`, 'u');
const END = new RegExp(`(?<!\\p{L})(${ALTERNATIVES})\\s?$`, 'u');

/** A currency at the start of what follows a number, and at the end of what leads up to it. */
export { END as CURRENCY_AT_END, START as CURRENCY_AT_START };

/**
 * The ISO 4217 code of the currency that stands beside a number; null without one, or when several countries have the
 * sign and nothing says which (`kr`). `$` without a locale is the US dollar, `¥` the yen, `Rs` the Indian rupee.
 * @param region of the locale, such as `CA`
 */
export function currencyBeside(before: string, after: string, region: string | undefined): string | null {
  const bare = before.replace(/[-+]\s?$/, '');
  const written = START.exec(after)?.[1] ?? END.exec(bare)?.[1];
  return written === undefined ? null : codeOf(written, region);
}

function codeOf(written: string, region: string | undefined): string | null {
  const sign = written.replace(/\.$/, '');
  const here = BY_REGION[SHARED.includes(written) ? 'kr' : sign === 'RS' || sign === 'rs' ? 'Rs' : sign];
  const code = written.slice(0, 3).toUpperCase();
  return here?.[region ?? ''] ?? SIGNS[written] ?? (CODES.has(code) ? code : null);
}

/** How many decimals amounts of a currency have. */
export function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
