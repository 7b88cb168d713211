import { expect, it } from 'vitest';
import { periodAround } from '../../../src/tui/timeline/period.ts';
import { answers, TimelineReader, timelineWish } from '../../../src/tui/timeline/read-timeline.ts';
import { clockedHome } from '../../clocked-home.ts';

const HOUR = 3_600_000;

it('reads the runs of the jobs in sight, what comes, and how many of all jobs there are at once', async () => {
  const home = clockedHome('2026-11-25T11:59:30Z');
  await home.job('seen', '0 * * * *');
  await home.job('hidden', '0 * * * *');
  home.begin();
  home.clock.advance(HOUR);
  const now = home.clock.now();
  const shown = periodAround(now, 'day', 96, 'UTC');
  const reader = new TimelineReader(home.workspace);
  const wish = timelineWish(shown, ['seen']);
  const data = await reader.read(wish);
  expect([...data.runs.keys()]).toEqual(['seen']);
  expect(data.runs.get('seen')?.map(({ begin }) => new Date(begin).toISOString().slice(11, 16))).toEqual([
    '12:00',
  ]);
  expect(data.coming.get('seen')?.[0]?.at).toEqual([Date.UTC(2026, 10, 25, 13)]);
  expect(data.coming.has('hidden')).toBe(false);
  const cell = (hour: number) =>
    data.atOnce[(Date.UTC(2026, 10, 25, hour) - data.period.from) / data.period.step];
  expect([cell(11), cell(12), cell(13)]).toEqual([0, 2, 2]);
  home.clock.advance(HOUR);
  const later = await reader.read(wish);
  expect(later.atOnce).toEqual((await new TimelineReader(home.workspace).read(wish)).atOnce);
  expect(later.runs.get('seen')).toHaveLength(2);
  expect(data.slots).toBe(home.workspace.settings.get('max_concurrent_runs'));
});

it('what was read answers what is shown next to it, but not other jobs, another length or a time far away', async () => {
  const home = clockedHome('2026-11-25T11:59:30Z');
  const shown = periodAround(home.clock.now(), 'day', 96, 'UTC');
  const data = await new TimelineReader(home.workspace).read(timelineWish(shown, ['a', 'b']));
  const near = { ...shown, from: shown.from + 40 * shown.step };
  expect(answers(data, timelineWish(near, ['b']))).toBe(true);
  expect(answers(data, timelineWish(shown, ['c']))).toBe(false);
  expect(answers(data, timelineWish({ ...shown, from: shown.from + 97 * shown.step }, ['a']))).toBe(false);
  expect(answers(data, timelineWish(periodAround(home.clock.now(), 'week', 96, 'UTC'), ['a']))).toBe(false);
});
