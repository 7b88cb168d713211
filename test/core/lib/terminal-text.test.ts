import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toYaml } from '../../../src/cli/context/context.ts';
import { displayWidth, truncateToWidth } from '../../../src/core/lib/display-width.ts';
import { safeJson, sanitizeLines, sanitizeText } from '../../../src/core/lib/sanitize-text.ts';

const HOSTILE = [
  '\x1b]0;owned\x07',
  '\x1b[2J',
  '\x9b31m',
  '\r',
  '\b',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u{e0041}',
  '\x7f',
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const DANGEROUS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const anyText = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE)))
  .map((parts) => parts.join(''));

describe('text for a terminal', () => {
  it('contains no control characters, for any input', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(sanitizeText(text)).not.toMatch(DANGEROUS);
        expect(sanitizeText(text)).not.toContain('\n');
        expect(sanitizeLines(text)).not.toMatch(DANGEROUS);
      }),
    );
  });

  it('leaves letters of every script and joiners as they are', () => {
    const text = 'Größe 価格 سعر می‌خواهم 👩‍💻';
    expect(sanitizeText(text)).toBe(text);
  });

  it('is safe as JSON and as YAML, and means the same', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const value = { text, list: [text] };
        expect(safeJson(value, 2)).not.toMatch(DANGEROUS);
        expect(JSON.parse(safeJson(value, 2))).toEqual(value);
        expect(await toYaml(value)).not.toMatch(DANGEROUS);
        expect(parse(await toYaml({ list: [text] }))).toEqual({ list: [text] });
      }),
    );
  });

  it('is cut to cells, not to letters', () => {
    expect(displayWidth('価格')).toBe(4);
    expect(truncateToWidth('価格価格', 5)).toBe('価格…');
    expect(truncateToWidth('abcdef', 4)).toBe('abc…');
    expect(truncateToWidth('abcd', 4)).toBe('abcd');
    expect(displayWidth('e\u0301')).toBe(1);
  });
});
