import { expect, it } from 'vitest';
import { BOOK_JOBS, MORE_JOBS } from '../../../src/cli/demo/demo-jobs.ts';

const DEFAULT_KEEP_RUNS = 50;
const JOBS = [...BOOK_JOBS, ...MORE_JOBS].flatMap(({ fields, past }) =>
  past === undefined ? [] : [[fields.job_id, { fields, past }] as const],
);

it.each(JOBS)('%s keeps its invented runs when it runs again', (_, { fields, past }) => {
  expect(fields.keep_runs ?? DEFAULT_KEEP_RUNS).toBeGreaterThan(past.runs);
});

it.each(JOBS)('%s has the items of most runs that a newcomer opens', (_, { past }) => {
  expect(past.keptItems ?? 0).toBeGreaterThanOrEqual(Math.min(past.runs, 12));
});

it('the chart of a price goes over the thirty days of the job whose items are kept day by day', () => {
  const [, daily] = JOBS.find(([id]) => id === 'books-daily') ?? [];
  expect(daily?.past.keptItems).toBe(daily?.past.runs);
});
