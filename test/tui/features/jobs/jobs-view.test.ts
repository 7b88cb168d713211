import { expect, it } from 'vitest';
import { viewOf } from '../../../../src/tui/app/features.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { jobsHeight, listedJobs, selectedJob } from '../../../../src/tui/features/jobs/reducer.ts';
import type { ActivityEntry } from '../../../../src/tui/home/home-data.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { homeOf, jobRow, NOW, pastRun } from '../../job-rows.ts';
import { press, someState, typed } from '../../some-state.ts';

const ROWS = Array.from({ length: 60 }, (_, index) =>
  jobRow(`job-${String(index).padStart(2, '0')}`, {
    ...{
      state: index % 10 === 3 ? 'failed' : 'ok',
      last: pastRun({ items: index % 7 }),
      nextRun: NOW + index * 60_000,
    },
  }),
);

function told(state: State, jobs: readonly JobRow[], activity: ActivityEntry[] = []): State {
  return reduce(state, { kind: 'home', data: homeOf(jobs), changed: [], activity }).state;
}

const opened = (jobs: readonly JobRow[] = ROWS) => told(someState({ now: NOW }), jobs);
const ids = (state: State) => listedJobs(state).map(({ id }) => id);
const title = (state: State) => viewOf(state).title(state);

it('filters with every key, keeps the filter with Enter, and Esc gives it up', () => {
  const state = opened();
  const { state: typing } = press(state, '/', ...typed('state:f'));
  expect(ids(typing)).toEqual(['job-03', 'job-13', 'job-23', 'job-33', 'job-43', 'job-53']);
  expect(title(typing)).toBe('Jobs 1/6 of 60');
  const { state: kept } = press(typing, 'enter', 'j');
  expect(selectedJob(kept)?.id).toBe('job-13');
  const { state: cleared } = press(kept, 'escape');
  expect(ids(cleared)).toHaveLength(60);
  expect(selectedJob(cleared)?.id).toBe('job-13');
});

it('while the filter is typed, letters are no actions', () => {
  const { state, effects } = press(opened(), '/', ...typed('qrs'));
  expect(effects).toEqual([]);
  expect(state.jobs.filterPrompt.line.text).toBe('qrs');
});

it('makes room for the filter, and the selected job can still be seen', () => {
  const { state } = press(opened(), 'G');
  const { state: typing } = press(state, '/');
  expect(jobsHeight(typing)).toBe(jobsHeight(state) - 2);
  expect(typing.jobs.table.index - typing.jobs.table.top).toBeLessThan(jobsHeight(typing));
});

it('one key each shows and hides groups of states', () => {
  const { state } = press(opened(), '1');
  expect(state.jobs.filterPrompt.line.text).toBe('state:bad');
  expect(ids(state)).toHaveLength(6);
  expect(ids(press(state, '1').state)).toHaveLength(60);
});

it('sorts by what the menu or . says, and the other way round', () => {
  const { state } = press(opened(), 's', 'j', 'j', 'j', 'j', 'j', 'enter');
  expect(state.jobs.table.sort).toEqual({ by: 'items', descending: true });
  expect(listedJobs(state)[0]?.last?.items).toBe(6);
  expect(press(state, 'S').state.jobs.table.sort.descending).toBe(false);
  expect(press(state, '.').state.jobs.table.sort.by).toBe('change');
});

it('the cursor stays on its job when changes elsewhere move it', () => {
  const { state } = press(opened(), 's', 'j', 'j', 'enter', 'j', 'j');
  expect(selectedJob(state)?.id).toBe('job-02');
  const later = ROWS.map((row) => (row.id === 'job-02' ? jobRow('job-02', { nextRun: NOW + 9e9 }) : row));
  const after = told(state, later);
  expect(after.jobs.table.index).toBe(59);
  expect(selectedJob(after)?.id).toBe('job-02');
});

it('marks with space, in ranges and all, and Esc takes back one thing at a time', () => {
  const { state } = press(opened(), 'space', 'j', 'v', 'j', 'j', 'v');
  expect([...state.jobs.table.marks].sort()).toEqual(['job-00', 'job-02', 'job-03', 'job-04']);
  expect(title(state)).toBe('Jobs 5/60, 4 marked');
  const { state: ranging } = press(state, 'v', '/', ...typed('job'), 'enter');
  const steps = [['escape'], ['escape', 'escape'], ['escape', 'escape', 'escape']].map((keys) => {
    const { table, filterPrompt } = press(ranging, ...keys).state.jobs;
    return [table.rangeFrom !== undefined, table.marks.size, filterPrompt.line.text];
  });
  expect(steps).toEqual([
    [false, 4, 'job'],
    [false, 0, 'job'],
    [false, 0, ''],
  ]);
  expect(press(opened(), '*').state.jobs.table.marks.size).toBe(60);
});

it('a filter by time follows the clock', () => {
  const { state } = press(opened(), '/', ...typed('next<10m'), 'enter');
  expect(ids(state)).toHaveLength(10);
  const later = reduce(state, { kind: 'tick', now: NOW + 5 * 60_000 }).state;
  expect(ids(later)).toHaveLength(15);
});

it('a row to which something happened pulses for two seconds', () => {
  const happened: ActivityEntry = {
    what: 'other',
    at: NOW,
    jobId: 'job-05',
    runId: null,
    by: 'mcp',
    tone: 'plain',
    text: 'edited',
  };
  const state = told(opened(), [...ROWS], [happened]);
  expect([...state.jobs.recentChanges.keys()]).toEqual(['job-05']);
  const after = (ms: number) => reduce(state, { kind: 'tick', now: NOW + ms }).state.jobs.recentChanges.size;
  expect([after(1_000), after(2_000)]).toEqual([1, 0]);
});

it('a click selects a job, one on a heading sorts, and the wheel scrolls', () => {
  const mouse = (state: State, what: 'press' | 'wheel_down', column: number, row: number) =>
    reduce(state, {
      kind: 'mouse',
      what,
      button: what === 'press' ? 'left' : 'none',
      column,
      row,
      shift: false,
      alt: false,
      ctrl: false,
    }).state;
  const state = opened();
  expect(selectedJob(mouse(state, 'press', 20, 4))?.id).toBe('job-02');
  const sorted = mouse(state, 'press', 3, 1);
  expect(sorted.jobs.table.sort.by).toBe('state');
  expect(mouse(sorted, 'press', 3, 1).jobs.table.sort.descending).toBe(true);
  expect(mouse(state, 'wheel_down', 20, 4).jobs.table.top).toBe(3);
  // Below the table there is nothing to click on.
  expect(mouse(state, 'press', 20, 28)).toBe(state);
});

it('nothing changes when nothing has happened', () => {
  const state = opened();
  expect(told(state, state.home?.jobs ?? []).jobs).toBe(state.jobs);
});
