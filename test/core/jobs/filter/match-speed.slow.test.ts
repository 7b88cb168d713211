import { expect, it } from 'vitest';
import { matchRows } from '../../../../src/core/jobs/filter/match-filter.ts';
import { parseFilter } from '../../../../src/core/jobs/filter/parse-filter.ts';
import { jobRow, NOW } from '../../../tui/job-rows.ts';

const ROWS = Array.from({ length: 10_000 }, (_, index) =>
  jobRow(`prices-${index}`, {
    description: 'One of many shops',
    ...{ tags: ['price', `tag-${index % 100}`], hosts: ['shop.example'], nextRun: NOW + index * 1000 },
  }),
);

/** The shortest of many times, in ms: a busy machine only ever makes one longer. */
function shortest(work: () => unknown): number {
  return Math.min(
    ...Array.from({ length: 60 }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
}

it('six terms on ten thousand rows cost little more than looking at each row six times', () => {
  const filter = parseFilter('many price !tag-77 state:ok tag:tag-1 host:shop next<1h');
  expect(matchRows(ROWS, filter, NOW).length).toBeGreaterThan(100);
  const plain = shortest(() => ROWS.filter(({ haystack }) => haystack.includes('many')));
  const filtered = shortest(() => matchRows(ROWS, filter, NOW));
  expect(filtered / plain).toBeLessThan(24);
});
