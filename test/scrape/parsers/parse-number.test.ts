import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getLocaleFacts } from '../../../src/scrape/parsers/locale-facts.ts';
import { parseValue } from '../../../src/scrape/parsers/parse-value.ts';

const read = (type: 'number' | 'integer' | 'price', text: string, locale?: string) => {
  const reading = parseValue(type, text, locale === undefined ? undefined : getLocaleFacts(locale));
  return 'value' in reading ? reading.value : reading.reason;
};
const TWO_WAYS = 'can be read in two ways (set locale: en, for example)';

describe('a number', () => {
  it.each([
    ['51.77', 51.77],
    ['£51.77', 51.77],
    ['1.234,50 €', 1234.5],
    ['1,234,567', 1234567],
    ['1,23,456', 123456],
    ["1'234.50", 1234.5],
    ['1 234,5', 1234.5],
    ['1234.567', 1234.567],
    ['0.125', 0.125],
    ['.99', 0.99],
    ['12 %', 12],
    ['In stock (22 available)', 22],
    ['#12', 12],
    ['-5', -5],
    ['−5', -5],
    ['-£5', -5],
    ['£-5', -5],
    ['+3', 3],
    ['007', 7],
    ['1e5', 100_000],
    ['12 kg', 12],
    ['١٢٣٫٥', 123.5],
    ['१२३', 123],
    ['１，２３４，５６７', 1_234_567],
  ])('%s', (text, value) => {
    expect(read('number', text)).toBe(value);
  });

  it.each([
    ['ask us', 'is not a number'],
    ['A-12', 'is not a number'],
    ['A12', 'is not a number'],
    ['5th', 'is not a number'],
    ['12kg', 'is not a number'],
    ['1.2.3', 'is not a number'],
    ['1,2345,678', 'is not a number'],
    ['v1.2', 'is not a number'],
    ['12:30', 'contains several numbers'],
    ['1e999', 'is a number that is too large to be held'],
    ['5-10', 'contains several numbers'],
    ['Page 3 of 7', 'contains several numbers'],
    ['1.5 million', 'writes part of its number in words'],
    ['3 Mio.', 'writes part of its number in words'],
    ['2K', 'writes part of its number in words'],
    ['1.2億', 'writes part of its number in words'],
    ['1234567890123456', 'has too many digits'],
    ['1,234', TWO_WAYS],
    ['1.234', TWO_WAYS],
  ])('is not guessed: %s', (text, reason) => {
    expect(read('number', text)).toBe(reason);
  });

  it('is read by its locale where it can be read in two ways, and only there', () => {
    expect(['de', 'en', 'de_CH', 'fr'].map((locale) => read('number', '1.234', locale))).toEqual([
      1234, 1.234, 1.234, 1234,
    ]);
    expect(read('number', '1,234', 'de')).toBe(1.234);
    expect(read('number', '1.5', 'de')).toBe(1.5);
    expect(read('number', '1,234.56', 'de')).toBe(1234.56);
  });

  it('that is whole has no decimals but zeros, so that three digits are thousands', () => {
    expect(read('integer', '1,234')).toBe(1234);
    expect(read('integer', '1.234 reviews')).toBe(1234);
    expect(read('integer', '12.00')).toBe(12);
    expect(read('integer', '12.5')).toBe('is not a whole number');
    expect(read('integer', '1.234', 'en')).toBe('is not a whole number');
  });
});

describe('a price', () => {
  it.each([
    ['£51.77', 51.77, 'GBP'],
    ['1.234,56 €', 1234.56, 'EUR'],
    ["CHF 1'234.50", 1234.5, 'CHF'],
    ['₹1,23,456', 123456, 'INR'],
    ['Rs 500', 500, 'INR'],
    ['Rs.1,500.00', 1500, 'INR'],
    ['USD 5', 5, 'USD'],
    ['US $5', 5, 'USD'],
    ['from $5.00 each', 5, 'USD'],
    ['5 eur', 5, 'EUR'],
    ['AED 1,200', 1200, 'AED'],
    ['R$ 1.234,56', 1234.56, 'BRL'],
    ['12,50zł', 12.5, 'PLN'],
    ['1,234円', 1234, 'JPY'],
    ['￥1,234', 1234, 'JPY'],
    ['CHF 12.–', 12, 'CHF'],
    ['12,-', 12, null],
    ['51.77', 51.77, null],
    ['500 kr', 500, null],
    ['$1,234', 1234, 'USD'],
    ['1.234 €', 1234, 'EUR'],
    ['-£5', -5, 'GBP'],
    ['NZD $100.70', 100.7, 'NZD'],
    ['NZD -$5', -5, 'NZD'],
    ['HKD$5', 5, 'HKD'],
    ['SGD4.90 $', 4.9, 'SGD'],
    ['100.70 $ NZD', 100.7, 'NZD'],
    ['$5 (CAD)', 5, 'CAD'],
    ['Price (NZD): $100', 100, 'NZD'],
    ['AU $5.00', 5, 'AUD'],
    ['5,00 $ CA', 5, 'CAD'],
    ['$5 US', 5, 'USD'],
    ['CNY ¥5', 5, 'CNY'],
    ['SEK 500 kr', 500, 'SEK'],
    ['EUR 5 €', 5, 'EUR'],
    // It may be a Canadian dollar, or the grade of what is sold.
    ['C $5', 5, null],
    // Goods, and money of Cuba.
    ['CUP $5', 5, null],
    ['ALL $5', 5, 'USD'],
    ['all 5', 5, null],
    ['5 ft', 5, null],
  ])('%s', (text, amount, currency) => {
    expect(read('price', text)).toEqual({ amount, currency });
  });

  it.each([
    ['Free', 'is not a number'],
    ['£5 – £10', 'contains several numbers'],
    ['$1.2M', 'writes part of its number in words'],
    ['€5 USD', 'names two currencies'],
    ['USD 500 kr', 'names two currencies'],
    // Its currency has three decimals.
    ['KWD 1.234', TWO_WAYS],
  ])('is not guessed: %s', (text, reason) => {
    expect(read('price', text)).toBe(reason);
  });

  it.each([
    ['$5', 'en-CA', 'CAD'],
    ['$5', 'es-MX', 'MXN'],
    ['$5', 'de', 'USD'],
    ['500 kr', 'sv', 'SEK'],
    ['kr 500', 'da', 'DKK'],
    ['¥5', 'zh-CN', 'CNY'],
    ['Rs 5', 'en-PK', 'PKR'],
    ['5 USD', 'en-CA', 'USD'],
  ])(
    'has the currency of its locale where several countries share the sign: %s in %s',
    (text, locale, currency) => {
      expect(read('price', text, locale)).toMatchObject({ amount: expect.any(Number), currency });
    },
  );
});

describe('what Intl writes is read back', () => {
  const LOCALES = [
    'en',
    'de',
    'fr',
    'de-CH',
    'en-IN',
    'es',
    'it',
    'pl',
    'sv',
    'ru',
    'ja',
    'pt-BR',
    'ar-EG',
    'hi',
    'fa',
  ];
  const amounts = fc.integer({ min: -99_999_999, max: 99_999_999 });

  it('numbers, in any locale', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LOCALES),
        amounts,
        fc.integer({ min: 0, max: 3 }),
        (locale, digits, decimals) => {
          const value = digits / 10 ** decimals;
          const text = new Intl.NumberFormat(locale, {
            minimumFractionDigits: decimals,
            maximumFractionDigits: decimals,
          }).format(value);
          // Marks of direction are no part of the number.
          const plain = text.replaceAll(/[\u200e\u200f\u061c]/g, '');
          expect(read('number', plain, locale)).toBe(value === 0 ? 0 : value);
        },
      ),
      { numRuns: 400, interruptAfterTimeLimit: 5000 },
    );
  });

  it('prices with their currency, in any locale', () => {
    const currencies = fc.constantFrom('EUR', 'GBP', 'INR', 'USD', 'CHF', 'PLN', 'JPY', 'BRL', 'AED');
    fc.assert(
      fc.property(
        fc.constantFrom('en', 'de', 'fr', 'de-CH', 'en-IN', 'it', 'pl', 'pt-BR'),
        currencies,
        amounts,
        (locale, currency, digits) => {
          const format = new Intl.NumberFormat(locale, {
            style: 'currency',
            currency,
            currencyDisplay: 'code',
          });
          const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
          const amount = digits / 10 ** decimals;
          expect(read('price', format.format(amount), locale)).toEqual({
            amount: amount === 0 ? 0 : amount,
            currency,
          });
        },
      ),
      { numRuns: 300, interruptAfterTimeLimit: 5000 },
    );
  });

  it('prices of every dollar, with its code on either side of the sign or the number', () => {
    const dollars = fc.constantFrom(
      'USD',
      'CAD',
      'AUD',
      'NZD',
      'SGD',
      'HKD',
      'MXN',
      'ARS',
      'CLP',
      'COP',
      'TTD',
    );
    const layouts = fc.constantFrom(
      'C $N',
      'C$N',
      'CN $',
      'N $ C',
      '$N C',
      'N C',
      'C N',
      '$ N (C)',
      'from C $N each',
    );
    fc.assert(
      fc.property(
        dollars,
        layouts,
        fc.integer({ min: 1, max: 99_999 }),
        fc.boolean(),
        (code, layout, cents, isLocal) => {
          const text = layout.replace('N', (cents / 100).toFixed(2)).replace('C', code);
          expect(read('price', text, isLocal ? 'en-CA' : undefined)).toEqual({
            amount: cents / 100,
            currency: code,
          });
        },
      ),
      { numRuns: 200, interruptAfterTimeLimit: 3000 },
    );
  });

  it('no text is read as an invalid number, and none makes it fail', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom('number', 'integer'),
        (text, type) => {
          const value = read(type, text);
          if (typeof value !== 'string') expect(Number.isFinite(value)).toBe(true);
        },
      ),
      { numRuns: 500, interruptAfterTimeLimit: 5000 },
    );
  });
});
