import fc from 'fast-check';
import { expect, it } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';

it('repeats a few hundred bytes of what came in, in each of its texts', () => {
  const long = fc
    .tuple(
      fc.string({ unit: fc.constantFrom('a', '"', '\n', 'é', '漢', '📚'), maxLength: 20 }),
      fc.nat({ max: 5_000 }),
    )
    .map(([text, times]) => text.repeat(times));
  fc.assert(
    fc.property(long, long, (text, other) => {
      const error = new QuickscrapeError('invalid_params', `cursor: ${text} is none`, {
        field: text,
        hint: `Leave ${other} out.`,
        issues: [{ path: text, message: `${other}: unknown field`, hint: text }],
      });
      expect(Buffer.byteLength(error.message)).toBeLessThanOrEqual(600);
      expect(error.message).toMatch(/^cursor: .* is none$/su);
      for (const said of [error.field, error.hint, ...Object.values(error.issues?.[0] ?? {})])
        expect(Buffer.byteLength(String(said))).toBeLessThanOrEqual(1_200);
    }),
    { numRuns: 50 },
  );
});

it('says a text of usual length as it is', () => {
  const message = `max_retries: ${'must be a whole number '.repeat(20)}`;
  expect(new QuickscrapeError('invalid_params', message).message).toBe(message);
});

it('carries its hint as data, worded by the interface that shows it', () => {
  const error = new QuickscrapeError('conflict', 'job a has run r, which is running', {
    hint: [{ id: 'wait_or_cancel', run: 'r' }, 'Until then it does not run.'],
  });
  expect(error.hints[0]).toEqual({ id: 'wait_or_cancel', run: 'r' });
  expect(error.hint).toBe(
    'Wait for it, or cancel it first: quickscrape job cancel r. Until then it does not run.',
  );
  const format = (hint: { id: string }) => `<${hint.id}>.`;
  expect(error.toData(format)).toEqual({
    code: 'conflict',
    hint: '<wait_or_cancel>. Until then it does not run.',
  });
});
