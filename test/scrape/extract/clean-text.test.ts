import { describe, expect, it } from 'vitest';
import type { DataCleaning } from '../../../src/scrape/config/config-schema.ts';
import { cleanFieldText, convertText } from '../../../src/scrape/extract/clean-text.ts';

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
