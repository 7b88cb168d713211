import { cleanup } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import type { TimelineRun } from '../../../../src/core/runs/runs-in-period.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { TimelineData } from '../../../../src/tui/features/timeline/model.ts';
import {
  timelineIdCells,
  timelineView,
  visiblePeriod,
} from '../../../../src/tui/features/timeline/reducer.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { expectFit, frameOf } from '../../frame-of.tsx';
import { homeOf, jobRow, NOW } from '../../job-rows.ts';
import { press, someState, typed } from '../../some-state.ts';

afterEach(cleanup);

const HOUR = 3_600_000;

/** The timeline on a screen, of a job that ran two hours ago, another that ran all the time, and one that is due far ahead. */
function timelineOf(columns: number, rows: number, nextRun = NOW + 20 * HOUR): State {
  const jobs = [jobRow('books', { nextRun }), jobRow('news', { nextRun: NOW + HOUR })];
  const home = { kind: 'home', data: homeOf(jobs), changed: [], activity: [] } as const;
  const { state } = press(reduce(someState({ columns, rows, now: NOW }), home).state, 'T', 's');
  const step = visiblePeriod(state.timeline.slice, timelineView(state)).step;
  const period = { from: NOW - 40 * HOUR - ((NOW - 40 * HOUR) % step), step, cells: (80 * HOUR) / step };
  const ran: TimelineRun = {
    ...{ runId: 'r1', jobId: 'books', status: 'succeeded', trigger: 'schedule', items: 3 },
    ...{ begin: NOW - 2 * HOUR, end: NOW - 2 * HOUR + 9000 },
  };
  const data: TimelineData = {
    ...{ period, jobIds: ['books', 'news'], concurrent: new Uint32Array(period.cells) },
    runs: new Map([['books', [ran]]]),
    upcoming: new Map([['news', [{ jobId: 'news', at: [NOW + HOUR], count: 1, takes: 0 }]]]),
  };
  return reduce(state, { kind: 'timeline', data }).state;
}

const SHORT = '◇ due  2 twice  + more  █ ran  ▶ running  ✗ failed  ▚ recovered  ○ missed';
const LONG = SHORT.replace('  █', '  → due later  █').concat('  ◌ queued');
const ALL = LONG.concat('  – cancelled  · skipped');

it.each([
  [150, 35, ALL],
  [120, 35, ALL],
  [100, 30, LONG],
  [80, 24, SHORT],
] as const)('shows its legend on %d×%d, also while the cursor is on a run', (columns, rows, legend) => {
  const state = timelineOf(columns, rows);
  expect(frameOf(state).at(-4)?.replace(/^─+ /, '')).toBe(legend);
  const onRun = frameOf(press(state, 'N').state);
  expect(onRun.at(-4)?.replace(/^─+ /, '')).toBe(legend);
  expect(onRun.at(-3)).toContain('succeeded in 9.0s, 3 items');
  expectFit(onRun, columns, rows);
});

it('lists the runs of the selected job where the strips leave room, and nothing on a low screen', () => {
  const text = (columns: number, rows: number) => {
    const screen = frameOf(press(timelineOf(columns, rows), 'g', 'g').state);
    expectFit(screen, columns, rows);
    return screen.join('\n');
  };
  const books = press(timelineOf(200, 50), 'N').state;
  const screen = frameOf(books);
  expectFit(screen, 200, 50);
  expect(screen.join('\n')).toMatch(
    /books: 1 run in this period\n +\w{3} \d+ Nov \d\d:00 +✓ ok +9\.0s +3 items +schedule/,
  );
  expect(text(60, 12)).not.toContain('in this period');
});

it('says that the runs are being read, not that there are none', () => {
  const read = timelineOf(120, 35);
  const unread: State = { ...read, timeline: { ...read.timeline, data: undefined } };
  for (const linear of [false, true]) {
    const frame = frameOf({ ...unread, linear });
    expect(frame.join('\n')).not.toMatch(/nothing|next due|at most/i);
    expect(frame.filter((line) => line.includes('Reading the runs…'))).toHaveLength(2);
    expect(frameOf({ ...read, linear }).join('\n')).not.toContain('Reading');
  }
});

it('says so of a period or a job that was not read yet', () => {
  const read = timelineOf(120, 35);
  const farBack = press(read, '<', '<', '<', '<').state;
  expect(frameOf(farBack).at(-3)).toContain('Reading the runs…');
  const data = read.timeline.data && { ...read.timeline.data, jobIds: [] };
  expect(frameOf({ ...read, timeline: { ...read.timeline, data } }).at(-3)).toContain('Reading the runs…');
});

it('has a column as wide as the longest name, without a blank after it', () => {
  const name = 'books-every-minute';
  const home = {
    kind: 'home',
    data: homeOf([jobRow(name), jobRow('news')]),
    changed: [],
    activity: [],
  } as const;
  for (const columns of [80, 120, 200]) {
    const { state } = press(reduce(someState({ columns, rows: 30, now: NOW }), home).state, 'T');
    expect(timelineIdCells(state)).toBe(name.length + 2);
    expect(frameOf(state).join('\n')).toContain(name);
  }
  const long = { ...home, data: homeOf([jobRow('x'.repeat(60))]) };
  const { state } = press(reduce(someState({ columns: 80, rows: 30, now: NOW }), long).state, 'T');
  expect(timelineIdCells(state)).toBe(24);
});

it('says in its title how much time it shows', () => {
  for (const columns of [80, 120, 200]) {
    const state = timelineOf(columns, 35);
    const { step, cells } = visiblePeriod(state.timeline.slice, timelineView(state));
    const hours = (step * cells) / HOUR;
    const about = Number.isInteger(hours) ? '' : 'about ';
    expect(frameOf(state)[0]).toContain(`Timeline, ${about}${Math.round(hours)} hours`);
    expect(frameOf(press(state, 'w').state)[0]).toMatch(/Timeline, (about )?\d+ days/);
  }
});

it('leaves out its legend where there is no line for it', () => {
  expect(frameOf(timelineOf(60, 12)).join()).not.toContain('2 twice');
});

it('shows the run under the cursor: a full block turned round would be a hole', () => {
  const state = timelineOf(100, 30);
  expect(strip(state, 'books')).toContain('█');
  const onRun = press(state, 'N').state;
  expect(strip(onRun, 'books')).toContain('•');
  expect(strip(onRun, 'books')).not.toContain('█');
});

it('points to the next run of a job where that is beyond its right edge, and says when it is', () => {
  const state = timelineOf(120, 35);
  expect(strip(state, 'books')).toMatch(/→$/);
  expect(strip(state, 'news')).not.toContain('→');
  expect(frameOf(press(state, 'k').state).at(-3)).toContain('nothing; next due Thu 26 Nov 08:00');
  expect(strip(timelineOf(120, 35, NOW + 2 * HOUR), 'books')).not.toContain('→');
});

function strip(state: State, id: string): string {
  return frameOf(state).find((line) => line.includes(` ${id} `) || line.includes(`▌${id} `)) ?? '';
}

it('reports a job without anything to go to', () => {
  const home = { kind: 'home', data: homeOf([jobRow('never')]), changed: [], activity: [] } as const;
  const state = press(reduce(someState({ now: NOW }), home).state, 'T', 'n').state;
  expect(state.notices.at(-1)?.text).toBe('The job has no later event here; > shows the next day.');
});

it('has the filter of the jobs below, also on the least screen', () => {
  const home = {
    kind: 'home',
    data: homeOf([jobRow('books'), jobRow('news')]),
    changed: [],
    activity: [],
  } as const;
  const least = reduce(someState({ now: NOW, columns: 40, rows: 10 }), home).state;
  const frame = frameOf(press(least, 'T', '/', ...typed('news')).state);
  expect(frame.length).toBeLessThanOrEqual(10);
  expect(frame.join('\n')).toMatch(/news[\s\S]*\n\/news *1 of 2/);
  expect(frameOf(press(least, 'T', '/', ...typed('none'), 'enter').state).join('\n')).toContain(
    'None of 2 jobs matches',
  );
});
