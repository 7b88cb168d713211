import { describe, expect, it } from 'vitest';
import type { DataCleaning } from '../../../src/scrape/config/config-schema.ts';
import { cleanFieldText, convertText } from '../../../src/scrape/extract/field-value.ts';
import { parseCertainDate } from '../../../src/scrape/parsers/parse-date.ts';
import { parseCertainNumber } from '../../../src/scrape/parsers/parse-number.ts';

const OFF = {
  strip_html: false,
  normalize_whitespace: false,
  trim: false,
  convert_numbers: false,
  convert_dates: false,
};

function cleanText(text: string, cleaning: DataCleaning) {
  const tidy = cleanFieldText(text, cleaning);
  return tidy === null ? null : convertText(tidy, cleaning);
}

describe('cleaning', () => {
  it.each([
    ['strip_html', '<p>a <b>b</b>&amp;</p>', 'a b&'],
    ['strip_html', 'a < b', 'a < b'],
    ['normalize_whitespace', ' a\u00a0\n b ', ' a b '],
    ['trim', '\u00a0 a  b\n', 'a  b'],
    ['convert_numbers', ' £51.77 ', 51.77],
    ['convert_dates', ' 25 Nov 2026', '2026-11-25'],
  ])('%s turns %j into %j', (step, text, expected) => {
    expect(cleanText(text, { ...OFF, [step]: true })).toBe(expected);
    expect(cleanText(text, OFF)).toBe(text);
  });

  it('makes nothing null', () => {
    expect(cleanText('', OFF)).toBeNull();
    expect(cleanText('<br>', { ...OFF, strip_html: true, trim: true })).toBeNull();
  });

  it('reads a number before a date', () => {
    expect(cleanText('2026', { ...OFF, convert_numbers: true, convert_dates: true })).toBe(2026);
  });
});

describe('numbers', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['-5', -5],
    ['−5', -5],
    ['51.77', 51.77],
    ['51,77', 51.77],
    ['0.123', 0.123],
    ['0,5', 0.5],
    ['1234.567', 1234.567],
    ['£51.77', 51.77],
    ['51,77 €', 51.77],
    ['€ 1.234,50', 1234.5],
    ['US$5', 5],
    ['-£3', -3],
    ['£-3', -3],
    ['12 EUR', 12],
    ['CHF 7.50', 7.5],
    ['12%', 12],
    ['12,5 %', 12.5],
    ['-0.5%', -0.5],
    ['1,234.56', 1234.56],
    ['1.234,56', 1234.56],
    ['1,234,567', 1234567],
    ['1.234.567', 1234567],
    ['12,345,678.9', 12345678.9],
    ['1 234,56', 1234.56],
    ["1'234.50", 1234.5],
    ['1 234 €', 1234],
    ['¥12000000000', 12000000000],
    ['-0', 0],
  ] as const)('reads %j as %d', (text, expected) => {
    expect(parseCertainNumber(text)).toBe(expected);
  });

  it.each([
    '',
    'abc',
    '007',
    '00',
    '0123',
    '1,234',
    '1.234',
    '£1.234',
    '+49301234567',
    '+5',
    '555-1234',
    '555 123 456',
    '030 123456',
    '9780306406157',
    '0306406157',
    '978-0-306-40615-7',
    '1.2.3',
    '1.2.3.4',
    '1,23,456',
    '12 34',
    '5.',
    '.5',
    '1e5',
    '0x10',
    '1_000',
    '5 stars',
    '£',
    '%',
    '--5',
    '-£-5',
    '£5€',
    '1.234,5.6',
    '0,123,456',
    '12345678901234.567',
    'ABC 12',
    '3/4',
    '٣',
    '1'.repeat(50),
    'NaN',
    'Infinity',
  ])('leaves %j a text', (text) => {
    expect(parseCertainNumber(text)).toBeUndefined();
  });
});

describe('dates', () => {
  it.each([
    ['2026-11-25', '2026-11-25'],
    ['2026-11-25T10:00:00Z', '2026-11-25T10:00:00Z'],
    ['2026-11-25T10:00:00.123+0100', '2026-11-25T10:00:00+01:00'],
    ['2026-11-25 10:05', '2026-11-25T10:05:00'],
    ['2026/11/5', '2026-11-05'],
    ['25/11/2026', '2026-11-25'],
    ['11/25/2026', '2026-11-25'],
    ['25.11.2026', '2026-11-25'],
    ['5-5-2026', '2026-05-05'],
    ['25 November 2026', '2026-11-25'],
    ['25. Nov. 2026', '2026-11-25'],
    ['3rd March 2026', '2026-03-03'],
    ['1 März 2026', '2026-03-01'],
    ['November 25, 2026', '2026-11-25'],
    ['Dec 1st, 2026', '2026-12-01'],
    ['Wed, 25 Nov 2026 10:00:00 GMT', '2026-11-25T10:00:00Z'],
    ['Mittwoch, 25. November 2026', '2026-11-25'],
    ['29 February 2024', '2024-02-29'],
  ])('reads %j as %s', (text, expected) => {
    expect(parseCertainDate(text)).toBe(expected);
  });

  it.each([
    '03/04/2026',
    '3.4.2026',
    '01-02-2026',
    '25/11/26',
    '2026-02-30',
    '29 February 2026',
    '31/04/2026',
    '2026-11-25T25:00',
    '2026-11-25T10:00:00+99:99',
    '2026-11-25T10:00:00+14:30',
    '13/13/2026',
    '25 Foo 2026',
    'constructor 25, 2026',
    'November 2026',
    '2026',
    'today',
    'May the 4th',
    '',
    '25 November',
    '2026-1-1',
    'on 25 November 2026',
    '0000-01-01',
  ])('leaves %j a text', (text) => {
    expect(parseCertainDate(text)).toBeUndefined();
  });
});
