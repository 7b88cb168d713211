import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AdaptiveLimit } from '../../../src/scrape/http/adaptive-limit.ts';

/** One request after the other. */
function feed(
  limit: AdaptiveLimit,
  answers: readonly (readonly [latency: number, status?: number | undefined])[],
  from = 0,
) {
  let now = from;
  return answers.map(([latency, ...status]) => {
    limit.note({ startedAt: now, endedAt: now + latency, status: status.length === 0 ? 200 : status[0] });
    now += latency + 1;
    return limit.limit;
  });
}
const steady = (count: number, latency = 20) => Array.from({ length: count }, () => [latency] as const);

it('begins with one request, and grows by one with each answer up to its maximum', () => {
  const limit = new AdaptiveLimit(4);
  expect(limit.limit).toBe(1);
  expect(feed(limit, steady(5))).toEqual([2, 3, 4, 4, 4]);
});

it('halves after a 429, an error of the server and a request without an answer', () => {
  for (const status of [429, 503, 500, undefined]) {
    const limit = new AdaptiveLimit(16);
    feed(limit, steady(20));
    expect(feed(limit, [[20, status]], 1_000)).toEqual([8]);
  }
  const limit = new AdaptiveLimit(16);
  feed(limit, steady(20));
  expect(feed(limit, [[20, 404]], 1_000)).toEqual([16]);
});

it('halves once for all requests that were under way', () => {
  const limit = new AdaptiveLimit(8);
  feed(limit, steady(10));
  for (let n = 0; n < 8; n++) limit.note({ startedAt: 1_000, endedAt: 1_020 + n, status: 429 });
  expect(limit.limit).toBe(4);
  limit.note({ startedAt: 1_100, endedAt: 1_120, status: 429 });
  expect(limit.limit).toBe(2);
});

it('halves when most answers take much longer than usual, and not for one slow page', () => {
  const limit = new AdaptiveLimit(8);
  feed(limit, steady(20));
  expect(feed(limit, [[5_000], ...steady(3)], 1_000)).toEqual([8, 8, 8, 8]);
  feed(limit, steady(8), 10_000);
  expect(feed(limit, steady(5, 400), 20_000)).toEqual([8, 8, 8, 4, 4]);
});

it('grows again when the site is well, and at a single request learns what is usual', () => {
  const limit = new AdaptiveLimit(8);
  feed(limit, steady(20));
  feed(limit, steady(40, 400), 1_000);
  // The site is slower now, whatever the load.
  expect(feed(limit, steady(60, 400), 100_000).at(-1)).toBe(8);
});

it('stays between one and its maximum, whatever the answers', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 32 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.constantFrom(200, 404, 429, 500, undefined))),
      (max, answers) => {
        for (const now of feed(new AdaptiveLimit(max), answers)) {
          expect(now).toBeGreaterThanOrEqual(1);
          expect(now).toBeLessThanOrEqual(max);
        }
      },
    ),
  );
});
