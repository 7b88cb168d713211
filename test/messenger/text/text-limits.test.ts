import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isolate } from '../../../src/messenger/text/isolate.ts';
import { cutText, joinWithin, TEXT_LIMITS } from '../../../src/messenger/text/text-limits.ts';

const LIMITS = Object.values(TEXT_LIMITS);
const LONG = fc
  .array(fc.constantFrom('a', '"', '\\', '&', '<', 'é', 'א', '中', '😀', '\n', '`'), {
    minLength: 1,
    maxLength: 8,
  })
  .map((characters) => characters.join('').repeat(21_000));

it('a cut text is within its limit, whole characters, and a beginning of the text', () => {
  fc.assert(
    fc.property(LONG, fc.constantFrom(...LIMITS), (text, limit) => {
      const cut = cutText(text, limit);
      expect(limit.sizeOf(cut)).toBeLessThanOrEqual(limit.max);
      expect(cut).not.toMatch(/\p{Surrogate}/u);
      expect(text.startsWith(cut.slice(0, -1))).toBe(true);
      expect(cut.endsWith('…')).toBe(true);
    }),
    { numRuns: 40 },
  );
  expect(cutText('short', TEXT_LIMITS.desktop)).toBe('short');
});

it('what ntfy gets is under 4,096 bytes, and under 8,192 bytes with the escapes of JSON', () => {
  for (const character of ['a', '"', '\n', '😀', '中']) {
    const cut = cutText(character.repeat(10_000), TEXT_LIMITS.ntfy);
    expect(Buffer.byteLength(cut)).toBeLessThan(4_096);
    expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThan(7_500);
    expect(Buffer.byteLength(cut)).toBeGreaterThan(3_500);
  }
});

it('as many entries as fit are named, and the others are always counted', () => {
  const limit = { max: 100, sizeOf: (text: string) => text.length };
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1 }), (entries) => {
      const clean = entries.map((entry) => entry.replaceAll('\n', ' '));
      const total = clean.length + 3;
      const lines = joinWithin(clean, { total, separator: '\n', limit }).split('\n');
      expect(lines.join('\n').length).toBeLessThanOrEqual(limit.max);
      const named = lines.length - 1;
      expect(lines.at(-1)).toBe(`and ${total - named} more`);
      const next = clean[named];
      if (next !== undefined) expect([...lines, next].join('\n').length).toBeGreaterThan(limit.max - 3);
    }),
  );
  expect(joinWithin(['a', 'b'], { total: 2, separator: '\n', limit })).toBe('a\nb');
  expect(joinWithin(['x'.repeat(200)], { total: 2, separator: '\n', limit })).toMatch(/^x+…\nand 1 more$/);
});

it('only values with letters from right to left get marks of their direction', () => {
  expect(isolate('אב 8')).toBe('\u2068אב 8\u2069');
  expect(isolate('سعر 10')).toBe('\u2068سعر 10\u2069');
  for (const value of ['£8', '中文', 'é 😀', '']) expect(isolate(value)).toBe(value);
});
