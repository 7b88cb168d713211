import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ChunkBuffer } from '../../../src/scrape/http/dispatch-request.ts';

const sizes = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(4095, 4096, 60_000, 65_536, 70_000)),
  { maxLength: 200 },
);

it('pieces of any size make one body, or its beginning', () => {
  fc.assert(
    fc.property(sizes, fc.nat({ max: 100 }), (lengths, percent) => {
      const pieces = new ChunkBuffer();
      const all = lengths.map((length) => randomBytes(length));
      for (const piece of all) pieces.add(piece);
      const body = Buffer.concat(all);
      expect(pieces.size).toBe(body.length);
      const wanted = Math.floor((body.length * percent) / 100);
      expect(pieces.join(wanted).equals(body.subarray(0, wanted))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it('many small pieces are copied: ten million of one byte would take more than a gigabyte', () => {
  const pieces = new ChunkBuffer();
  const piece = Buffer.from('a');
  for (let n = 0; n < 100_000; n += 1) pieces.add(piece);
  piece.fill('b');
  expect(pieces.join(pieces.size).subarray(100).equals(Buffer.alloc(99_900, 'a'))).toBe(true);
});
