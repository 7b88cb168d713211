import fc from 'fast-check';
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

  it('leaves nothing of white space but one space between words', () => {
    const space = fc.constantFrom(
      ...' \t\n\v\f\r\u0085\u00a0\u1680\u180e\u2003\u200b\u2028\u2029\u202f\u205f\u3000\ufeff',
    );
    const letter = fc.constantFrom(...'aé“я本\u0000\u007f\ud83d');
    const text = fc.string({ unit: fc.oneof(space, letter, fc.constant(' ')), maxLength: 12 });
    fc.assert(
      fc.property(text, fc.boolean(), fc.boolean(), (raw, normalize_whitespace, trim) => {
        const normal = normalize_whitespace ? raw.replaceAll(/\s+/g, ' ') : raw;
        const expected = (trim ? normal.trim() : normal) || null;
        expect(cleanFieldText(raw, { ...OFF, normalize_whitespace, trim })).toBe(expected);
      }),
    );
  });

  it('makes nothing null', () => {
    expect(cleanText('', OFF)).toBeNull();
    expect(cleanText('<br>', { ...OFF, strip_html: true, trim: true })).toBeNull();
  });

  it('reads a number before a date', () => {
    expect(cleanText('2026', { ...OFF, convert_numbers: true, convert_dates: true })).toBe(2026);
  });
});
