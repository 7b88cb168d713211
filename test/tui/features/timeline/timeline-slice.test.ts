import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TimelineRun } from '../../../../src/core/runs/runs-in-period.ts';
import {
  EMPTY_TIMELINE,
  type TimelineEvent,
  type TimelineSlice,
  type TimelineView,
} from '../../../../src/tui/features/timeline/model.ts';
import { periodEnd } from '../../../../src/tui/features/timeline/period.ts';
import {
  currentCursor,
  entriesUnderCursor,
  reduceTimeline,
  sortTimeline,
  visibleJobs,
  visiblePeriod,
} from '../../../../src/tui/features/timeline/reducer.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 25, 12, 10);

function run(runId: string, begin: number): TimelineRun {
  return { runId, jobId: 'a', status: 'failed', trigger: 'schedule', begin, end: begin + 1000, items: 0 };
}

const RUNS = [run('early', NOW - 30 * HOUR), run('one', NOW - 5 * HOUR), run('two', NOW - 5 * HOUR + 1000)];
const COMING = [{ jobId: 'a', at: [NOW + 3 * HOUR], count: 1, takes: 5000 }];

function view(fields: Partial<TimelineView> = {}): TimelineView {
  const jobs = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, nextRun: null }));
  const data = {
    period: { from: NOW - 36 * HOUR, step: HOUR / 4, cells: 288 },
    jobIds: ['a'],
    runs: new Map([['a', RUNS]]),
    upcoming: new Map([['a', COMING]]),
    concurrent: new Uint32Array(288),
  };
  return { now: NOW, timezone: 'UTC', width: 96, height: 3, jobs, data, ...fields };
}

const after = (events: TimelineEvent[], shown = view(), slice = EMPTY_TIMELINE): TimelineSlice =>
  events.reduce((state, event) => reduceTimeline(state, shown, event), slice);

it('the cursor goes from event to event of its job, beyond the edge when there is one', () => {
  const back = after([{ kind: 'event', direction: -1 }]);
  expect(entriesUnderCursor(back, view()).map((each) => each.kind === 'run' && each.run.runId)).toEqual([
    'one',
    'two',
  ]);
  const far = after([{ kind: 'event', direction: -1 }], view(), back);
  expect(far.at).toBe(NOW - 30 * HOUR);
  expect(visiblePeriod(far, view()).from).toBeLessThanOrEqual(NOW - 30 * HOUR);
  expect(after([{ kind: 'event', direction: -1 }], view(), far)).toBe(far);
  const next = after([{ kind: 'event', direction: 1 }]);
  expect(entriesUnderCursor(next, view())).toEqual([{ kind: 'coming', at: NOW + 3 * HOUR, takes: 5000 }]);
});

it('the list under the cursor opens only over runs, and closes when the cursor moves', () => {
  expect(after([{ kind: 'list' }]).entry).toBeNull();
  const open = after([{ kind: 'event', direction: -1 }, { kind: 'list' }, { kind: 'entry', by: 5 }]);
  expect(open.entry).toBe(1);
  expect(after([{ kind: 'cell', by: 1 }], view(), open).entry).toBeNull();
});

it('the selection stays with its job when the order changes, and near its row when the job is filtered out', () => {
  const slice = after([{ kind: 'row', by: 2 }]);
  const turned = view({ jobs: [...view().jobs].reverse() });
  expect(currentCursor(slice, turned).row).toBe(2);
  expect(turned.jobs[currentCursor(slice, turned).row]?.id).toBe('c');
  const fewer = view({ jobs: view().jobs.filter(({ id }) => id !== 'c') });
  expect(fewer.jobs[currentCursor(slice, fewer).row]?.id).toBe('d');
  expect(currentCursor(slice, view({ jobs: [] })).row).toBe(-1);
});

it('the period moves with the time until it is scrolled; "now" returns to it', () => {
  const later = view({ now: NOW + 2 * HOUR });
  expect(visiblePeriod(EMPTY_TIMELINE, later).from - visiblePeriod(EMPTY_TIMELINE, view()).from).toBe(
    2 * HOUR,
  );
  const panned = after([{ kind: 'pan', by: 1, unit: 'day' }]);
  expect(visiblePeriod(panned, later)).toEqual(visiblePeriod(panned, view()));
  expect(after([{ kind: 'now' }], view(), panned)).toEqual(EMPTY_TIMELINE);
});

it('a day later is the same clock time, also when that day has 23 hours', () => {
  const berlin = { ...view(), now: Date.UTC(2026, 2, 28, 11), timezone: 'Europe/Berlin' };
  const before = visiblePeriod(EMPTY_TIMELINE, berlin);
  const panned = after([{ kind: 'pan', by: 1, unit: 'day' }], berlin);
  expect(visiblePeriod(panned, berlin).from - before.from).toBe(24 * HOUR);
});

it('wherever one goes, the cursor is in a cell, on a row in sight, and not far from now', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('cell' as const), by: fc.integer({ min: -300, max: 300 }) }),
    fc.record({ kind: fc.constant('row' as const), by: fc.integer({ min: -9, max: 9 }) }),
    fc.record({ kind: fc.constant('event' as const), direction: fc.constantFrom(1 as const, -1 as const) }),
    fc.record({
      kind: fc.constant('pan' as const),
      by: fc.integer({ min: -90, max: 90 }),
      unit: fc.constantFrom('hour' as const, 'day' as const),
    }),
    fc.constantFrom<TimelineEvent>(
      { kind: 'span' },
      { kind: 'now' },
      { kind: 'sort' },
      { kind: 'list' },
      { kind: 'row', by: Number.NEGATIVE_INFINITY },
      { kind: 'row', by: Number.POSITIVE_INFINITY },
    ),
  );
  const sizes = fc.record({
    width: fc.integer({ min: 7, max: 200 }),
    height: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), sizes, sizes, (events, size, resized) => {
      const slice = after(events, view(size));
      for (const shown of [view(size), view({ ...resized, now: NOW + HOUR })]) {
        const period = visiblePeriod(slice, shown);
        const { cell, row, top } = currentCursor(slice, shown);
        expect(cell).toBeGreaterThanOrEqual(0);
        expect(cell).toBeLessThan(period.cells);
        expect(visibleJobs(slice, shown)[row - top]).toBe(shown.jobs[row]);
        expect(period.from).toBeGreaterThan(NOW - 60 * 24 * HOUR);
        expect(periodEnd(period)).toBeLessThan(NOW + 60 * 24 * HOUR);
      }
    }),
    { numRuns: 300 },
  );
});

it('sorts by the next run, those without one last, equal ones by id', () => {
  const jobs = [
    { id: 'z', nextRun: 5 },
    { id: 'never', nextRun: null },
    { id: 'a', nextRun: 5 },
    { id: 'm', nextRun: 1 },
  ];
  expect(sortTimeline(jobs, 'next').map(({ id }) => id)).toEqual(['m', 'a', 'z', 'never']);
  expect(sortTimeline(jobs, 'id').map(({ id }) => id)).toEqual(['a', 'm', 'never', 'z']);
});
