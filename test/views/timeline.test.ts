import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupByJob, placeBar, readTimeline } from '../../src/views/timeline.ts';

const RUN = {
  job_id: 'news',
  status: 'failed',
  items: 0,
  started_at: '2026-11-30T09:00:00.000+01:00',
  finished_at: '2026-11-30T09:10:00.000+01:00',
  error: { message: 'no items' },
};

it('draws a run from its start to its end, and says why it failed', () => {
  const { tool, bars, from, until } = readTimeline({ runs: [RUN], total: 1 });
  expect(tool).toBe('list_runs');
  expect(bars).toEqual([
    {
      job: 'news',
      status: 'failed',
      start: Date.UTC(2026, 10, 30, 8),
      end: Date.UTC(2026, 10, 30, 8, 10),
      text: 'failed, 0 items, no items',
    },
  ]);
  expect([from, until]).toEqual([bars[0]?.start, bars[0]?.end]);
});

it('draws a run that goes on for as long as it has lasted', () => {
  const { bars } = readTimeline({
    runs: [{ ...RUN, status: 'running', finished_at: null, duration_ms: 5_000 }],
  });
  expect((bars[0]?.end ?? 0) - (bars[0]?.start ?? 0)).toBe(5_000);
});

it('adds earlier runs to those that are shown, and makes the axis longer', () => {
  const first = readTimeline({ runs: [RUN], next_cursor: 'c' });
  const earlier = {
    ...RUN,
    job_id: 'prices',
    started_at: '2026-11-30T07:00:00Z',
    finished_at: '2026-11-30T07:01:00Z',
  };
  const both = readTimeline({ runs: [earlier] }, first);
  expect(groupByJob(both.bars).map(([job]) => job)).toEqual(['news', 'prices']);
  expect(both.from).toBe(Date.UTC(2026, 10, 30, 7));
});

it('covers the hours of a forecast, and lists where too many jobs are due', () => {
  const { bars, from, until, notes } = readTimeline({
    from: '2026-11-30T00:00:00Z',
    until: '2026-12-01T00:00:00Z',
    occurrences: [
      { job_id: 'news', at: '2026-11-30T12:00:00Z', starts_at: '2026-11-30T12:00:00Z', takes_s: 60 },
    ],
    busiest: null,
    collisions: [{ text: '12 jobs are due at noon' }],
    warnings: ['no worker takes runs now'],
  });
  expect(until - from).toBe(86_400_000);
  expect(placeBar(bars[0] as never, { from, until }).left).toBe(0.5);
  expect(notes).toEqual(['12 jobs are due at noon', 'no worker takes runs now']);
});

it('places every bar within the axis, whatever the answer holds', () => {
  const time = fc.option(fc.date({ noInvalidDate: true }).map((date) => date.toISOString()));
  const run = fc.record({
    job_id: fc.anything(),
    status: fc.anything(),
    items: fc.anything(),
    started_at: time,
    finished_at: time,
    duration_ms: fc.anything(),
  });
  fc.assert(
    fc.property(fc.array(run), fc.boolean(), (runs, isForecast) => {
      const timeline = readTimeline(isForecast ? { occurrences: runs } : { runs });
      for (const bar of timeline.bars) {
        const { left, width } = placeBar(bar, timeline);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(width).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(1 + 1e-9);
      }
    }),
  );
});
