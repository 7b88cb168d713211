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

/** The lines of the legend, without the rule before them. */
function legendIn(state: State): readonly string[] {
  const lines = frameOf(state).slice(0, -3);
  const from = lines.findIndex((line) => /◇ due|█ ran/.test(line));
  return from < 0 ? [] : lines.slice(from).map((line) => line.replace(/^─+ /, ''));
}

it.each([
  [150, 35],
  [80, 24],
] as const)('explains on %d×%d the signs that occur, also while the cursor is on a run', (columns, rows) => {
  const state = timelineOf(columns, rows);
  const onRun = frameOf(press(state, 'N').state);
  for (const shown of [state, press(state, 'N').state])
    expect(legendIn(shown)).toEqual(['◇ due  → due later  █ ran  │ now']);
  expect(onRun.at(-3)).toContain('succeeded in 9.0s, 3 items');
  expectFit(onRun, columns, rows);
});

/** The timeline of as many jobs as there are outcomes, and of one that is due more and more often. */
function busyTimeline(columns: number, rows: number): State {
  const outcomes = ['succeeded', 'failed', 'missed', 'cancelled', 'skipped', 'queued', 'running'] as const;
  const jobs = [...outcomes, 'often'].map((id) => jobRow(id, { nextRun: NOW + 90 * HOUR }));
  const home = { kind: 'home', data: homeOf(jobs), changed: [], activity: [] } as const;
  const { state } = press(reduce(someState({ columns, rows, now: NOW }), home).state, 'T', 's');
  const run = (jobId: string, status: TimelineRun['status'], begin: number): TimelineRun => ({
    ...{ runId: `${jobId} ${begin}`, jobId, status, trigger: 'schedule', items: 3 },
    ...{ begin, end: status === 'running' ? null : begin + 1000 },
  });
  const begun = visiblePeriod(state.timeline.slice, timelineView(state));
  const at = begun.from + 2 * begun.step;
  const data: TimelineData = {
    period: begun,
    jobIds: jobs.map(({ id }) => id),
    concurrent: new Uint32Array(begun.cells),
    runs: new Map<string, readonly TimelineRun[]>([
      ...outcomes.map((status) => [status, [run(status, status, at)]] as const),
      ['often', [run('often', 'failed', at), run('often', 'succeeded', at + 2000)]],
    ]),
    upcoming: new Map([
      [
        'often',
        [1, 3, 40].map((count, later) => {
          const due = begun.from + (begun.cells - 6 + later) * begun.step;
          return { jobId: 'often', at: [due], count, takes: 0 };
        }),
      ],
    ]),
  };
  return reduce(state, { kind: 'timeline', data }).state;
}

it('explains every sign of a full picture, in two lines where one is too short', () => {
  const signs =
    '◇ due  3 times  + over 9 times  → due later  █ ran  ▶ running  ✗ failed  ▚ recovered  ○ missed  ◌ queued  – cancelled  · skipped';
  const wide = legendIn(busyTimeline(160, 35));
  expect(wide.join('  ').replace(/ {2}│ now$/, '')).toBe(signs);
  expect(wide).toHaveLength(1);
  for (const columns of [80, 100]) {
    const narrow = legendIn(busyTimeline(columns, 24));
    expect(narrow).toHaveLength(2);
    expect(narrow.join('  ').replace(/ {2}│ now$/, '')).toBe(signs);
    expectFit(frameOf(busyTimeline(columns, 24)), columns, 24);
  }
});

it('leaves out what matters least where two lines are too short, and has one line on a low screen', () => {
  const narrow = legendIn(busyTimeline(50, 24));
  expect(narrow).toHaveLength(2);
  expect(narrow.join(' ')).toMatch(/◇ due.*█ ran.*✗ failed/);
  expect(narrow.join(' ')).not.toContain('skipped');
  expectFit(frameOf(busyTimeline(80, 16)), 80, 16);
  expect(legendIn(busyTimeline(80, 16))).toHaveLength(1);
});

it('says of a coming run that the scheduler is off', () => {
  const state = timelineOf(120, 35);
  const said = (shown: State) => frameOf(shown).at(-3);
  const onComing = press(state, 'j', 'n').state;
  expect(said(onComing)).toMatch(/13:00 is due, scheduler off$/);
  const data = homeOf(state.home?.jobs ?? [], { scheduler: { ...homeOf([]).scheduler, state: 'running' } });
  const on = reduce(onComing, { kind: 'home', data, changed: [], activity: [] }).state;
  expect(said(on)).toMatch(/13:00 is due$/);
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
  expect(frameOf(timelineOf(60, 12)).join()).not.toContain('due later');
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

it('says in its title which job is selected where the list goes on below', () => {
  const jobs = Array.from({ length: 40 }, (_, at) => jobRow(`job-${at + 10}`));
  const home = { kind: 'home', data: homeOf(jobs), changed: [], activity: [] } as const;
  const { state } = press(reduce(someState({ columns: 80, rows: 24, now: NOW }), home).state, 'T', 'j', 'j');
  expect(frameOf(state)[0]).toMatch(/^Timeline 3\/40, about \d+ hours|^Timeline 3\/40, \d+ hours/);
  expect(frameOf(timelineOf(80, 24))[0]).toMatch(/^Timeline, /);
});
