import { expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { ActivityEntry } from '../../../../src/tui/home/home-data.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { visibleNotice } from '../../../../src/tui/kernel/notices.ts';
import { homeOf, jobRow, NOW, settingsOf } from '../../job-rows.ts';
import { someState } from '../../some-state.ts';

const activityEntry = (fields: Partial<ActivityEntry>): ActivityEntry => ({
  ...{ what: 'other', at: NOW, jobId: 'news', runId: null, by: 'mcp', tone: 'plain', text: 'edited: tags' },
  ...fields,
});

function told(activity: ActivityEntry[], state = someState({ now: NOW })): State {
  return reduce(state, { kind: 'home', data: homeOf([]), changed: [], activity }).state;
}

it('says what an agent did, and for how long it is shown', () => {
  const state = told([activityEntry({})]);
  expect(visibleNotice(state)).toMatchObject({ text: 'news: edited: tags (an agent)', tone: 'info' });
  const later = reduce(state, { kind: 'tick', now: NOW + 10_000 }).state;
  expect(visibleNotice(later)).toBeUndefined();
  expect(later.notices).toHaveLength(1);
  expect(later.notices).not.toBe(state.notices);
});

it('reports own actions once, but how their runs ended', () => {
  const mine = { by: 'tui', runId: 'r1' } as const;
  expect(told([activityEntry({ by: 'tui' }), activityEntry({ ...mine, text: 'started' })]).notices).toEqual(
    [],
  );
  const ended = told([activityEntry({ ...mine, text: 'succeeded, 3 items', tone: 'good' })]);
  expect(visibleNotice(ended)?.text).toBe('news: succeeded, 3 items (you)');
});

it('does not report the scheduler’s ordinary work, but failures and recoveries', () => {
  const run = { by: 'scheduler', runId: 'r' } as const;
  const well = activityEntry({ ...run, text: 'succeeded, 3 items', tone: 'good' });
  expect(told([activityEntry({ ...run, text: 'started' }), well]).notices).toEqual([]);
  const bad = told([activityEntry({ ...run, text: 'failed: http', tone: 'bad' })]);
  expect(visibleNotice(bad)).toMatchObject({ tone: 'bad', text: 'news: failed: http (the scheduler)' });
  const ill = someState({ now: NOW, home: homeOf([jobRow('news', { state: 'running', failures: 2 })]) });
  expect(visibleNotice(told([well], ill))?.text).toBe('news: recovered: succeeded, 3 items (the scheduler)');
});

it('many at once are one line', () => {
  const many = Array.from({ length: 30 }, (_, index) =>
    activityEntry({ jobId: `job-${index}`, text: 'disabled' }),
  );
  expect(told(many).notices.map(({ text }) => text)).toEqual([
    '30 changes: job-0, job-1, job-2, job-3, job-4 and 25 more',
  ]);
});

it('reports a loss of the database once, whichever process found it', () => {
  const data = homeOf([], { loss: { at: NOW - 1000, text: 'quickscrape.db was damaged' } });
  const event = { kind: 'home', data, changed: [], activity: [] } as const;
  const state = reduce(someState({ now: NOW }), event).state;
  const text = 'Data was lost, D shows more: quickscrape.db was damaged';
  expect(visibleNotice(state)).toMatchObject({ tone: 'bad', text });
  expect(reduce(state, event).state.notices).toHaveLength(1);
});

it('says which settings have changed, what is wrong in their file, and that it can be used again', () => {
  const state = someState({ now: NOW, home: homeOf([]) });
  const after = (before: State, settings: ReturnType<typeof settingsOf>) =>
    reduce(before, { kind: 'home', data: homeOf([], { settings }), changed: [], activity: [] }).state;
  const changed = after(state, settingsOf({ max_runs_per_host: 5 }));
  expect(visibleNotice(changed)).toMatchObject({ tone: 'info', text: 'Settings: max_runs_per_host is 5' });
  const problem = `${state.paths.settings}:2:12: keep_runs: must be a whole number`;
  const wrong = after(changed, { ...settingsOf({ max_runs_per_host: 5 }), problem });
  expect(visibleNotice(wrong)).toMatchObject({
    tone: 'bad',
    text: 'settings.yaml:2:12: keep_runs: must be a whole number. The settings before it are shown.',
  });
  const fixed = after(wrong, settingsOf({ max_runs_per_host: 5 }));
  expect(visibleNotice(fixed)).toMatchObject({ tone: 'good', text: 'settings.yaml can be used again.' });
  // The mistake would have been shown for longer than that.
  expect(visibleNotice(reduce(fixed, { kind: 'tick', now: NOW + 5000 }).state)).toBeUndefined();
});
