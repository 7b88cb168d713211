import { expect, it } from 'vitest';
import { describeJob } from '../../../../src/tui/features/jobs/job-cells.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';

const said = (...parts: Parameters<typeof jobRow>) => describeJob(jobRow(...parts), NOW, 'UTC');

it('describes a job by its columns, each with its label', () => {
  const last = pastRun({ status: 'failed', finishedAt: NOW - 180_000, durationMs: 12_000, items: 240 });
  const fields = { state: 'failed', nextRun: NOW + 300_000, last, tags: ['price', 'daily'] } as const;
  expect(said('news', { ...fields, itemChange: -3, itemsBefore: 243 })).toMatch(
    /^news, failed, next in 5m( 00s)?, last failed 3m( 00s)? ago, took 12s, 240 items, change -3, at 12:05, tags price daily/,
  );
});

it('says how far a run is, what cannot be used and why, and that an alert failed', () => {
  const error = 'jobs/news.json:2:3: no schedule';
  expect(said('news', { state: 'invalid', error, definition: null })).toMatch(
    /^news, invalid: news.json:2:3: no/,
  );
  expect(said('news', { callbackFailure: { at: NOW, message: 'no' } })).toMatch(
    /^news, its last alert failed, /,
  );
  expect(said('news', { state: 'disabled', nextRun: null, last: null })).not.toMatch(/next|last|took/);
});
