import fc from 'fast-check';
import { expect, it } from 'vitest';
import { truncateMiddle } from '../../../src/core/lib/text.ts';

const bytesOf = (text: string) => Buffer.byteLength(text);

it('keeps the beginning and the end of a text that is too long, and says how much it leaves out', () => {
  expect(truncateMiddle(`no such job: ${'x'.repeat(1_000)}; list_jobs shows them`, 120)).toBe(
    `no such job: ${'x'.repeat(42)}… (956 bytes left out) …${'x'.repeat(2)}; list_jobs shows them`,
  );
});

it('never says more than it may, in whole characters, and leaves a short text as it is', () => {
  const texts = fc
    .tuple(
      fc.string({ unit: fc.constantFrom('a', '"', '\n', 'é', '漢', '📚'), maxLength: 12 }),
      fc.nat({ max: 200 }),
    )
    .map(([text, times]) => text.repeat(times));
  fc.assert(
    fc.property(texts, fc.integer({ min: 100, max: 700 }), (text, most) => {
      const said = truncateMiddle(text, most);
      if (bytesOf(text) <= most) {
        expect(said).toBe(text);
        return;
      }
      expect(bytesOf(said)).toBeLessThanOrEqual(most);
      const [, begin, left, end] = /^(.*)… \((\d+) bytes left out\) …(.*)$/su.exec(said) ?? [];
      expect(bytesOf(begin ?? '') + Number(left) + bytesOf(end ?? '')).toBe(bytesOf(text));
      expect(text.startsWith(begin ?? '-') && text.endsWith(end ?? '-')).toBe(true);
    }),
  );
});
