import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillPage } from '../../../src/core/operations/page-room.ts';
import { sizeOf } from '../../../src/rpc/mcp/truncate-lists.ts';
import {
  createPageRoom,
  type TruncationOptions,
  truncateResult,
} from '../../../src/rpc/mcp/truncate-result.ts';

const LISTS: TruncationOptions = {
  lists: [
    { list: 'log', from: 'start', rest: 'log_lines' },
    { list: 'sample', from: 'end', rest: 'the file' },
  ],
};

it('leaves an answer as it is that fits', () => {
  const answer = { run: { error: null }, log: ['a'], sample: [] };
  expect(truncateResult(answer, 1_000, LISTS)).toBe(answer);
});

it('leaves out null values before anything else', () => {
  const answer = { run: { error: null, reason: null, waits_for: null, retry_of: null }, log: ['a'] };
  expect(truncateResult(answer, 40, LISTS)).toEqual({ run: {}, log: ['a'] });
});

it('cuts long texts, but not those that were asked for', () => {
  const answer = { yaml: 'y'.repeat(600), note: 'n'.repeat(600) };
  const fitted = truncateResult(answer, 1_100, { lists: [], keep: ['yaml'] });
  expect(fitted).toEqual({ yaml: answer.yaml, note: `${'n'.repeat(397)}… (600 characters)` });
});

it('fits with any content, counted in bytes, and says how to get the rest', () => {
  const job = {
    description: '漢'.repeat(20_000),
    tags: Array.from({ length: 1_000 }, (_, at) => `tag ${at}`),
    ...Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`own_${at}`, 'x'.repeat(300)])),
  };
  const fitted = truncateResult({ job, changed: ['tags'] }, 3_500, { lists: [], rest: 'the resource' });
  expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(3_500);
  expect(fitted).toMatchObject({
    job: {
      description: expect.stringMatching(/^漢+… \(20000 characters\)$/),
      tags: ['tag 0', 'tag 1', '… (1000 entries)'],
      '…': expect.stringMatching(/^\d+ more fields$/),
    },
    changed: ['tags'],
    shortened: { rest: 'the resource' },
  });
  const sample = Array.from({ length: 20 }, () => '漢'.repeat(100));
  expect(Buffer.byteLength(JSON.stringify(truncateResult({ sample }, 2_000, LISTS)))).toBeLessThanOrEqual(
    2_000,
  );
});

it('drops whole items from the right end of the longest list with a note, and fits', () => {
  const item = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.record({ title: fc.string({ maxLength: 300 }), price: fc.double() }),
  );
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 60 }),
      fc.array(item, { maxLength: 60 }),
      fc.integer({ min: 400, max: 4_000 }),
      (log, sample, most) => {
        const answer = { run: { run_id: 'r' }, log, sample };
        const fitted = truncateResult(answer, most, LISTS) as typeof answer & {
          shortened?: Record<string, string>;
        };
        expect(sizeOf(fitted)).toBeLessThanOrEqual(most);
        expect(log.slice(log.length - fitted.log.length)).toEqual(fitted.log);
        expect(sample.slice(0, fitted.sample.length)).toEqual(fitted.sample);
        const cut = [
          ...(fitted.log.length < log.length ? ['log'] : []),
          ...(fitted.sample.length < sample.length ? ['sample'] : []),
        ];
        expect(Object.keys(fitted.shortened ?? {})).toEqual(cut);
      },
    ),
    { numRuns: 500 },
  );
});

it('a page takes as many items as fit beside the other fields, never none', () => {
  const page = (items: readonly string[], maxBytes: number, others = {}) =>
    fillPage(createPageRoom('list', maxBytes), others, items, (item) => item);
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 200 })),
      fc.integer({ min: 200, max: 3_000 }),
      fc.record({ total: fc.nat(), hint: fc.string({ maxLength: 100 }) }),
      (items, maxBytes, others) => {
        const taken = page(items, maxBytes, others);
        expect(taken).toEqual(items.slice(0, Math.max(Math.min(1, items.length), taken.length)));
        const size = (count: number) =>
          sizeOf({ ...others, list: items.slice(0, count), next_cursor: 'x'.repeat(90) });
        if (taken.length > 1) expect(size(taken.length)).toBeLessThanOrEqual(maxBytes);
        if (taken.length < items.length) expect(size(taken.length + 1)).toBeGreaterThan(maxBytes - 200);
      },
    ),
  );
});
