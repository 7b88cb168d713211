import fc from 'fast-check';
import measured from 'string-width';
import { expect, it } from 'vitest';
import { isNarrow, stringWidth } from '../../../src/core/lib/display-width.ts';

const narrow = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code)).filter(isNarrow);

it('what is taken for narrow without a look takes one cell each, as string-width measures it', () => {
  expect(narrow.length).toBeGreaterThan(1_000);
  expect(narrow.filter((character) => measured(character) !== 1)).toEqual([]);
});

it('and no two of them join', () => {
  const pair = fc.array(fc.constantFrom(...narrow), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(pair, (characters) => {
      expect(measured(characters.join(''))).toBe(characters.length);
    }),
    { numRuns: 2_000 },
  );
});

it('any other text is measured by string-width', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(stringWidth(text)).toBe(measured(text));
    }),
  );
  expect(stringWidth('✔️ 日本 e\u0301 👩‍👩‍👧')).toBe(measured('✔️ 日本 e\u0301 👩‍👩‍👧'));
});
