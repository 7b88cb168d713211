import { describe, expect, it } from 'vitest';

// A plain module outside the typed program.
const { growth } = await import(new URL('../../bench/growth.mjs', import.meta.url).href);

const SIZES = [100, 1_000, 10_000];
const curve = (cost: (n: number) => number) =>
  growth(
    'opening',
    SIZES.map((n) => ({ n, cost: cost(n) })),
  );

describe('the growth of a cost', () => {
  it('is allowed to be n log n, and what noise adds to it', () => {
    expect(curve((n) => n * Math.log2(n))).toMatchObject({ ratio: 1, met: true });
    expect(curve((n) => n)).toMatchObject({ ours: 100, ratio: 0.5, met: true });
    expect(curve(() => 7)).toMatchObject({ ours: 1, met: true });
  });

  it('is a bug where it is worse', () => {
    expect(curve((n) => n ** 1.5)).toMatchObject({ ours: 1_000, ratio: 5, met: false });
    expect(curve((n) => n * n)).toMatchObject({ met: false });
  });

  it('names the sizes, and what is counted by them', () => {
    expect(curve((n) => n).name).toBe('opening, growth over 100, 1,000, 10,000 jobs');
    expect(
      growth(
        'scraping',
        [
          { n: 10, cost: 1 },
          { n: 20, cost: 2 },
        ],
        'pages',
      ).name,
    ).toBe('scraping, growth over 10, 20 pages');
  });
});
