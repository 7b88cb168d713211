import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pageText } from '../docs-pages.ts';

// A plain module outside the typed program.
const { growth } = await import(new URL('../../bench/growth.mjs', import.meta.url).href);

const SIZES = [100, 1_000, 10_000];
const measured = (costs: number[]) =>
  growth(
    'opening',
    costs.map((cost, index) => ({ n: SIZES[index], cost })),
  );
const curve = (cost: (n: number) => number) => measured(SIZES.map(cost));

describe('the growth of a cost', () => {
  it('is allowed to be n log n, and what noise adds to it', () => {
    expect(curve((n) => n * Math.log2(n))).toMatchObject({ ratio: 1, ratioTo: 'n log n', met: true });
    expect(curve((n) => n)).toMatchObject({ ours: 10, ratio: 0.75, budget: 1.25, met: true });
    expect(curve(() => 7)).toMatchObject({ ours: 1, met: true });
  });

  it('is a bug where it is worse', () => {
    const steep = curve((n) => n ** 1.5);
    expect(steep).toMatchObject({ ours: 1_000, ratio: 5, met: false, missedBy: 3 });
    expect(steep.why).toContain('from 100 to 10,000 jobs');
    expect(curve((n) => n * n)).toMatchObject({ met: false });
  });

  it('counts a jump in the middle as a defect, whatever the final ratio', () => {
    const bulge = measured([1, 30, 40]);
    expect(bulge).toMatchObject({ ours: 30, ratio: 2, met: false });
    expect(bulge.why).toContain('from 100 to 1,000 jobs');
  });

  it('is a bug after a start that costs more than the small sizes do', () => {
    const late = measured([200, 201, 5_000]);
    expect(late).toMatchObject({ ours: 24.88, met: false });
    expect(late.why).toContain('from 1,000 to 10,000 jobs');
  });

  it('names the sizes and what is counted per size', () => {
    const points = [
      { n: 10, cost: 1.23456 },
      { n: 20, cost: 2 },
    ];
    expect(growth('scraping', points, 'pages').name).toBe('scraping, growth over 10, 20 pages');
  });

  it('shows the cost of each size in its unit, and what n log n would be', () => {
    expect(measured([3, 12, 70]).peers).toEqual([
      { name: '100 jobs', value: 3, unit: 'ms' },
      { name: '1,000 jobs', value: 12, unit: 'ms' },
      { name: '10,000 jobs', value: 70, unit: 'ms' },
      { name: 'n log n grows from 1,000 to 10,000 by', value: 13.3, unit: 'times' },
    ]);
    const points = SIZES.map((n) => ({ n, cost: n / 3 }));
    expect(growth('memory', points, 'jobs', 'MB').peers[0]).toEqual({
      name: '100 jobs',
      value: 33.3,
      unit: 'MB',
    });
  });
});

it('ten costs have a curve, and bench/README.md names each of them', () => {
  const rows = readdirSync(new URL('rows', import.meta.url)).flatMap((file) =>
    readFileSync(new URL(`rows/${file}`, import.meta.url), 'utf8').split('\n'),
  );
  expect(rows.filter((row) => row.includes(', growth over '))).toHaveLength(10);
  const [, table = ''] = /^## Curves\n(.*?)^## /ms.exec(pageText('bench/README.md')) ?? [];
  expect([...table.matchAll(/^\| (?!curve|---)/gm)]).toHaveLength(10);
});
