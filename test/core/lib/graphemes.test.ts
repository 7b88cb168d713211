import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { displayWidth, splitAtGraphemes, splitGraphemes } from '../../../src/core/lib/display-width.ts';
import { cellSlice, rowStarts } from '../../../src/tui/ui/text/fit.ts';

const plain = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const long = fc
  .array(fc.constantFrom('a', ' ', '日', 'e\u0301', '👩‍👩‍👧‍👦', '🇩🇪', '각', 'र्', '\r\n'), {
    minLength: 300,
    maxLength: 700,
  })
  .map((parts) => parts.join(''));

it('finds the characters of a long text as if it were split as a whole', () => {
  fc.assert(
    fc.property(long, (text) => {
      expect([...splitAtGraphemes(text)].join('')).toBe(text);
      const known = [...plain.segment(text)].map(({ segment, index }) => ({ segment, index }));
      expect([...splitGraphemes(text)]).toEqual(known);
      expect(displayWidth(text)).toBe(stringWidth(text));
    }),
    { numRuns: 20 },
  );
});

it('cuts an endless character, but never a surrogate pair', () => {
  const text = `a${'\u{e0100}'.repeat(2000)}`;
  const pieces = [...splitAtGraphemes(text)];
  expect(pieces.join('')).toBe(text);
  for (const piece of pieces) expect(piece).toMatch(/^\P{Surrogate}*$/u);
});

it('measures a line of a hundred thousand foreign letters within the time of a test, where Intl.Segmenter takes minutes', () => {
  const text = `é${'x'.repeat(100_000)}`;
  expect(displayWidth(text)).toBe(100_001);
  expect(rowStarts(text, 100)).toHaveLength(1001);
  expect(cellSlice(text, 99_000, 100).end).toBe(99_100);
});
