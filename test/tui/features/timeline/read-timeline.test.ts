import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import { EMPTY_TIMELINE, type TimelineData } from '../../../../src/tui/features/timeline/model.ts';
import { periodEnd } from '../../../../src/tui/features/timeline/period.ts';
import { TimelineReader, watchTimeline } from '../../../../src/tui/features/timeline/read-timeline.ts';
import {
  reduceTimeline,
  timelineQuery,
  visibleJobs,
  visiblePeriod,
} from '../../../../src/tui/features/timeline/reducer.ts';
import type { Event } from '../../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../../src/tui/runtime/effect-context.ts';
import { HomeReader } from '../../../../src/tui/runtime/home/home-reader.ts';
import { clockedHome } from '../../../clocked-home.ts';
import { waitFor } from '../../../wait-for.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 25, 12);

it('reads the runs of the jobs in sight, what comes, and how many of all jobs there are at once', async () => {
  const home = clockedHome('2026-11-25T11:59:30Z');
  await home.job('seen', '0 * * * *');
  await home.job('hidden', '0 * * * *');
  home.begin();
  home.clock.advance(HOUR);
  const now = home.clock.now();
  const reader = new TimelineReader(home.workspace);
  const view = {
    now,
    timezone: 'UTC',
    width: 96,
    height: 5,
    jobs: [{ id: 'seen', nextRun: null }],
    data: undefined,
  };
  const wish = timelineQuery(EMPTY_TIMELINE, view);
  const read = async (by: TimelineReader) => {
    const rows = new HomeReader(home.workspace).readAll().data.jobs;
    const told: TimelineData[] = [];
    await by.read(wish, { rows, definitions: 1, isWanted: () => true }, (data) => told.push(data));
    return told;
  };
  const [first, data] = await read(reader);
  if (first === undefined || data === undefined) throw new TypeError('not told twice');
  // What is in sight is told before all jobs are counted.
  expect([first.runs, first.upcoming]).toEqual([data.runs, data.upcoming]);
  expect([...data.runs.keys()]).toEqual(['seen']);
  expect(data.runs.get('seen')?.map(({ begin }) => new Date(begin).toISOString().slice(11, 16))).toEqual([
    '12:00',
  ]);
  expect(data.upcoming.get('seen')?.[0]?.at).toEqual([Date.UTC(2026, 10, 25, 13)]);
  expect(data.upcoming.has('hidden')).toBe(false);
  const cell = (hour: number) =>
    data.concurrent[(Date.UTC(2026, 10, 25, hour) - data.period.from) / data.period.step];
  expect([cell(11), cell(12), cell(13)]).toEqual([0, 2, 2]);
  home.clock.advance(HOUR);
  const later = (await read(reader)).at(-1);
  expect(later?.concurrent).toEqual((await read(new TimelineReader(home.workspace))).at(-1)?.concurrent);
  expect(later?.runs.get('seen')).toHaveLength(2);
});

it('reads at once when the timeline opens, not after the first interval', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const home = clockedHome('2026-11-25T11:59:30Z');
  await home.job('seen', '0 * * * *');
  const query = { period: { from: NOW, step: HOUR, cells: 4 }, jobIds: ['seen'] };
  const told: TimelineData[] = [];
  const stop = watchTimeline({ kind: 'timeline', query }, {
    workspace: home.workspace,
    live: new HomeReader(home.workspace).readAll(),
    send: (event: Event) => event.kind === 'timeline' && told.push(event.data),
  } as unknown as EffectContext);
  onTestFinished(() => void stop());
  const data = await waitFor('the timeline', () => told[0]);
  expect(data.upcoming.get('seen')?.length).toBeGreaterThan(0);
});

it('the read period covers the shown one and as much on both sides, and stays the same during short scrolling', () => {
  const jobs = Array.from({ length: 50 }, (_, n) => ({ id: `j${n}`, nextRun: null }));
  fc.assert(
    fc.property(
      fc.integer({ min: -400, max: 400 }),
      fc.integer({ min: 7, max: 200 }),
      fc.nat(49),
      (cells, width, row) => {
        const view = { now: NOW, timezone: 'Asia/Kathmandu', width, height: 9, jobs, data: undefined };
        const events = [
          { kind: 'cell', by: cells },
          { kind: 'row', by: row },
        ] as const;
        const slice = events.reduce((state, event) => reduceTimeline(state, view, event), EMPTY_TIMELINE);
        const { period, jobIds } = timelineQuery(slice, view);
        const shown = visiblePeriod(slice, view);
        expect((shown.from - period.from) % shown.step).toBe(0);
        expect(shown.from - period.from).toBeGreaterThanOrEqual(shown.step * shown.cells);
        expect(periodEnd(period) - periodEnd(shown)).toBeGreaterThanOrEqual(shown.step * shown.cells);
        for (const { id } of visibleJobs(slice, view)) expect(jobIds).toContain(id);
      },
    ),
  );
});
