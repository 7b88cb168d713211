import { cleanup } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { ACTIONS } from '../../../../src/tui/app/actions.ts';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { splitLines, startLine, toLogLines } from '../../../../src/tui/features/log/log-line.ts';
import { currentLog } from '../../../../src/tui/features/log/reducer.ts';
import { neighbourRun, selectedRun } from '../../../../src/tui/features/runs/reducer.ts';
import {
  currentCursor,
  timelineIdCells,
  timelineView,
} from '../../../../src/tui/features/timeline/reducer.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { visibleNotice } from '../../../../src/tui/kernel/notices.ts';
import { computeLayout } from '../../../../src/tui/ui/layout.ts';
import { frameOf } from '../../frame-of.tsx';
import { itemPage } from '../../item-page.ts';
import { homeOf, jobRow, settingsOf } from '../../job-rows.ts';
import { run } from '../../run-output.ts';
import { press, someState, typed } from '../../some-state.ts';

afterEach(cleanup);

const RUNS = [
  run('new'),
  run('missed', { status: 'missed', started_at: null }),
  run('old', { status: 'failed' }),
];

/** The history of `shop`, as it is when it has been read. */
function withHistory(runs = RUNS): State {
  const runsOf = { ...someState().runs, jobId: 'shop' };
  const state = someState({ views: [{ name: 'jobs' }, { name: 'runs', jobId: 'shop' }], runs: runsOf });
  const output = { runs, total: runs.length };
  return reduce(state, { kind: 'answer', name: 'list_runs', tag: 'runs.shop', ok: true, output }).state;
}

function withLog(...messages: string[]): State {
  const state = press(withHistory(), 'l').state;
  const text = messages.map((message) => `2026-11-26T09:00:00.000Z INFO  ${message}\n`).join('');
  const lines = toLogLines(splitLines(startLine(0), Buffer.from(text)).lines);
  const page = { lines, from: 0, until: text.length, unfinished: undefined, size: text.length };
  return reduce(state, { kind: 'log', runId: 'new', event: { kind: 'end', page } }).state;
}

it('the selection stays with its run when newer ones come', () => {
  const state = press(withHistory(), 'j', 'j').state;
  expect(selectedRun(state)?.run_id).toBe('old');
  const output = { runs: [run('newest'), ...RUNS], total: 4 };
  const later = reduce(state, {
    kind: 'answer',
    name: 'list_runs',
    tag: 'runs.shop',
    ok: true,
    output,
  }).state;
  expect(selectedRun(later)?.run_id).toBe('old');
  const other = reduce(state, {
    kind: 'answer',
    name: 'list_runs',
    tag: 'runs.another',
    ok: true,
    output,
  }).state;
  expect(other.runs.runs).toHaveLength(3);
});

it('the runs are read again when the settings have changed: they may wait for another limit', () => {
  const home = (settings: ReturnType<typeof settingsOf>) =>
    ({ kind: 'home', data: homeOf([jobRow('shop')], { settings }), changed: [], activity: [] }) as const;
  const settings = settingsOf();
  const { state } = reduce(withHistory(), home(settings));
  expect(reduce(state, home(settings)).effects).toEqual([]);
  expect(reduce(state, home(settingsOf({ max_runs_per_host: 9 }))).effects).toMatchObject([
    { name: 'list_runs', params: { job_id: 'shop' } },
  ]);
});

it('runs a finished run again, and asks before it cancels an active one', () => {
  expect(press(withHistory(), 'r').effects).toMatchObject([{ name: 'retry_run', params: { run_id: 'new' } }]);
  expect(press(withHistory(), 'x').effects).toEqual([]);
  const busy = withHistory([run('busy', { status: 'running', finished_at: null })]);
  expect(press(busy, 'r').effects).toEqual([]);
  expect(press(busy, 'x').effects).toEqual([]);
  expect(press(busy, 'x', 'enter').effects).toEqual([]);
  expect(press(busy, 'x', 'y').effects).toMatchObject([{ name: 'cancel_run', params: { run_id: 'busy' } }]);
});

it('a log is followed while it is open, and [ and ] open those of the runs before and after', () => {
  const state = withLog('one');
  expect(subscriptionsOf(state)).toContainEqual({ kind: 'log', jobId: 'shop', runId: 'new' });
  expect(neighbourRun(state, { jobId: 'shop', runId: 'new' }, 1)?.run_id).toBe('old');
  const older = press(state, '[').state;
  expect(subscriptionsOf(older)).toContainEqual({ kind: 'log', jobId: 'shop', runId: 'old' });
  expect(currentLog(older).slice.lines).toEqual([]);
  expect(subscriptionsOf(press(older, 'escape').state).some(({ kind }) => kind === 'log')).toBe(false);
  expect(press(older, '[').state.notices.at(-1)?.text).toContain('no such run');
});

it('a run that waits has its place among the logs, and one that never began has none', () => {
  const waiting = [run('queued', { status: 'queued', started_at: null }), ...RUNS];
  const state = withHistory(waiting);
  expect(neighbourRun(state, { jobId: 'shop', runId: 'new' }, -1)?.run_id).toBe('queued');
  const cancelled = withHistory([run('off', { status: 'cancelled', started_at: null }), ...RUNS]);
  expect(neighbourRun(cancelled, { jobId: 'shop', runId: 'new' }, -1)).toBeUndefined();
});

it('keys are typed into a search while it is open, and Esc takes it back', () => {
  const state = withLog('alpha', 'quartz', 'beta');
  const typing = press(state, '/', ...typed('quit')).state;
  expect(typing.log.typing?.line.text).toBe('quit');
  expect(press(typing, 'escape').state.log.slice.search).toBeUndefined();
  const found = press(state, '/', ...typed('qu'), 'enter').state;
  expect(found.log.slice.search?.hits).toHaveLength(1);
  // Esc ends the search first, then the view.
  const ended = press(found, 'escape').state;
  expect(ended.log.slice.search).toBeUndefined();
  expect(press(ended, 'escape').state.views.at(-1)?.name).toBe('runs');
});

it('a filter counts while it is typed; Esc brings the one before back, Enter keeps it', () => {
  const state = withLog('alpha', 'beta');
  const typing = press(state, '&', ...typed('bet')).state;
  expect(typing.log.slice.shown).toHaveLength(1);
  expect(press(typing, 'escape').state.log.slice.shown).toHaveLength(2);
  const kept = press(typing, 'enter').state;
  expect(kept.log.typing).toBeUndefined();
  expect(press(kept, '&', ...typed('x'), 'escape').state.log.slice.filter.text).toBe('bet');
});

it('copies the screen, and opens the log in the pager', () => {
  const state = withLog('alpha', 'beta');
  expect(press(state, 'y').effects).toEqual([{ kind: 'copy', text: 'alpha\nbeta', what: '2 lines' }]);
  expect(press(state, 'o').effects).toEqual([
    { kind: 'page_run', jobId: 'shop', runId: 'new', file: 'log', tag: 'log.pager' },
  ]);
});

it('items of another run than the open one are ignored', () => {
  const state = press(withHistory(), 'i').state;
  expect(press(withHistory(), 'i').effects).toContainEqual({
    ...{ kind: 'read_items', jobId: 'shop', runId: 'new' },
    ...{ first: 0, count: 500, query: { terms: [] }, asks: 1 },
  });
  const page = itemPage([{ title: 'a' }, { title: 'b' }], { asks: 1 });
  const late = reduce(state, { kind: 'items', runId: 'old', event: { kind: 'page', page } }).state;
  expect(late.items.slice.total).toBeUndefined();
  const there = reduce(state, { kind: 'items', runId: 'new', event: { kind: 'page', page } }).state;
  const changes = press(there, 'c');
  expect(changes.effects).toEqual([{ kind: 'join_runs', jobId: 'shop', runId: 'new', asks: 2 }]);
  const failed = { kind: 'join_failed', text: 'No run before' } as const;
  const alone = reduce(changes.state, { kind: 'items', runId: 'new', event: failed }).state;
  expect(alone.items.slice.problem).toBe('No run before');
  expect(press(alone, 'c').state.items.slice.problem).toBeUndefined();
});

it('any two runs are compared: Space marks one, c on another asks for what changed from the earlier to the later', () => {
  const state = withHistory([run('three'), run('two', { started_at: null }), run('one')]);
  const compared = (marked: State) => press(marked, 'c').effects;
  const wanted = expect.objectContaining({ kind: 'join_runs', runId: 'three', withRunId: 'one' });
  expect(compared(press(state, 'space', 'G').state)).toContainEqual(wanted);
  expect(compared(press(state, 'G', 'space', 'g', 'g').state)).toContainEqual(wanted);
  const marked = press(state, 'space').state;
  expect(press(marked, 'c').state.notices.at(-1)?.text).toContain('select the one to compare it with');
  expect(press(marked, 'j', 'c').state.notices.at(-1)?.text).toContain('two never started');
  // The mark taken back: with the run before, as without one.
  const unmarked = press(marked, 'space').state;
  expect(visibleNotice(unmarked)?.text).toBe('three is no longer marked.');
  const before = compared(unmarked);
  expect(before).toContainEqual({ kind: 'join_runs', jobId: 'shop', runId: 'three', asks: 1 });
});

it('another run to compare with is chosen from a list: the earlier one of the two is compared with the later', () => {
  const state = withHistory([run('three'), run('two'), run('idle', { started_at: null }), run('one')]);
  const open = press(state, 'j', 'i').state;
  const chosen = press(open, 'C').state;
  // The run before is selected.
  expect(chosen.dialog).toEqual({ kind: 'compared_run', index: 1 });
  const older = press(chosen, 'enter');
  expect(older.effects).toContainEqual(
    expect.objectContaining({ kind: 'join_runs', runId: 'two', withRunId: 'one' }),
  );
  expect(older.state.views.map(({ name }) => name)).toEqual(open.views.map(({ name }) => name));
  const newer = press(chosen, 'k', 'enter');
  expect(newer.effects).toContainEqual(
    expect.objectContaining({ kind: 'join_runs', runId: 'three', withRunId: 'two' }),
  );
  expect(press(press(withHistory([run('one')]), 'i').state, 'C').state.notices.at(-1)?.text).toContain(
    'no other run',
  );
});

it('runs without items are left out of that list, with their number, and each time has its day', () => {
  const old = { started_at: '2026-11-25T23:30:00.000Z' };
  const state = withHistory([
    run('three'),
    run('two', { items: 0 }),
    run('one', old),
    run('none', { items: 0 }),
  ]);
  const chosen = press(press(state, 'i').state, 'C').state;
  const lines = frameOf(chosen);
  expect(lines.join('\n')).toContain('2 runs without items are left out.');
  expect(lines.filter((line) => line.includes('20 items'))).toEqual([
    expect.stringMatching(/Wed 25 Nov 23:30 +✓ ok +20 items +one/),
  ]);
  const alone = press(press(withHistory([run('two'), run('one', { items: 0 })]), 'i').state, 'C').state;
  expect(alone.notices.at(-1)?.text).toContain('No other run of the job has items.');
});

it('runs whose items are gone leave that list, with their number, and the selected one stays selected', () => {
  const state = withHistory([run('four'), run('three'), run('two'), run('one'), run('none', { items: 0 })]);
  const open = press(press(state, 'i').state, 'C');
  expect(open.effects).toContainEqual({
    kind: 'find_gone_items',
    jobId: 'shop',
    runId: 'four',
    runIds: ['three', 'two', 'one'],
  });
  const without = (...runIds: string[]) =>
    reduce(press(open.state, 'j').state, { kind: 'items', runId: 'four', event: { kind: 'gone', runIds } })
      .state;
  const left = without('three');
  expect(left.dialog).toEqual({ kind: 'compared_run', index: 0 });
  expect(frameOf(left).join('\n')).toContain(
    '1 run whose items are gone and 1 run without items are left out.',
  );
  expect(press(left, 'enter').effects).toContainEqual(
    expect.objectContaining({ kind: 'join_runs', runId: 'four', withRunId: 'two' }),
  );
  expect(without('two', 'one').dialog).toEqual({ kind: 'compared_run', index: 0 });
  const none = without('three', 'two', 'one');
  expect(none.dialog).toBeUndefined();
  expect(none.notices.at(-1)?.text).toBe('No other run of the job has its items any more.');
  expect(press(none, 'C').state.notices.at(-1)?.text).toContain(
    'No other run of the job has its items any more.',
  );
});

it('the list of runs says how it ended, that it goes on, and is as wide as its texts', () => {
  const history = [
    run('shown'),
    run('bad', { status: 'failed' }),
    ...Array.from({ length: 40 }, (_, at) => run(`run-${at}`)),
  ];
  const chosen = press(press(withHistory(history), 'i').state, 'C').state;
  const box = frameOf(chosen).filter((line) => line.includes('│'));
  expect(box.join('\n')).toMatch(/✗ failed +20 items +bad/);
  const rows = box.filter((line) => line.includes('20 items')).length;
  expect(box.at(-1)).toContain(`${41 - rows} more below`);
  expect(Math.max(...box.map((line) => line.lastIndexOf('│') - line.indexOf('│')))).toBeLessThan(60);
  const atEnd = frameOf(press(chosen, 'G').state).join('\n');
  expect(atEnd).not.toContain('more below');
});

it('comparing names the command that does the same: the earlier run first, or one run alone', () => {
  const state = withHistory([run('three'), run('two'), run('one')]);
  const command = (of: State) => ACTIONS.find(({ id }) => id === 'items.compare')?.command?.(of);
  expect(command(press(state, 'space', 'G').state)).toBe('quickscrape job diff shop one three');
  expect(command(press(state, 'G', 'space', 'g', 'g').state)).toBe('quickscrape job diff shop one three');
  expect(command(state)).toBe('quickscrape job diff shop three');
});

it('Esc closes panels over the table of items before it goes back', () => {
  const page = itemPage([{ title: 'a' }], { asks: 1 });
  const there = reduce(press(withHistory(), 'i').state, {
    kind: 'items',
    runId: 'new',
    event: { kind: 'page', page },
  }).state;
  const open = press(there, 'enter').state;
  expect(open.items.slice.open).toBe(true);
  const closed = press(open, 'escape').state;
  expect([closed.items.slice.open, closed.views.at(-1)?.name]).toEqual([false, 'items']);
});

/** The timeline of three jobs. */
function withTimeline(): State {
  const data = homeOf(['a', 'b', 'c'].map((id) => jobRow(id)));
  const state = reduce(someState(), { kind: 'home', data, changed: [], activity: [] }).state;
  return press(state, 'T').state;
}

it('a click selects the row under it', () => {
  const press = {
    kind: 'mouse',
    what: 'press',
    button: 'left',
    shift: false,
    alt: false,
    ctrl: false,
  } as const;
  const at = (state: State, column: number, row: number) => reduce(state, { ...press, column, row }).state;
  const { row: body } = computeLayout(someState(), { hasSide: false, pane: 'main' }).main;
  expect(selectedRun(at(withHistory(), 5, body + 3 + 2))?.run_id).toBe('old');
  expect(selectedRun(at(withHistory(), 5, body))?.run_id).toBe('new');
  const timeline = withTimeline();
  const width = timelineIdCells(timeline);
  const there = at(timeline, width + 10, body + 3 + 1);
  expect(currentCursor(there.timeline.slice, timelineView(there))).toMatchObject({ cell: 10, row: 1 });
  expect(at(timeline, width + 10, body + 3 + 20)).toEqual(timeline);
});

it('the wheel scrolls', () => {
  const wheel = {
    kind: 'mouse',
    what: 'wheel_down',
    button: 'none',
    column: 1,
    row: 5,
    shift: false,
    alt: false,
    ctrl: false,
  } as const;
  expect(selectedRun(reduce(withHistory(), wheel).state)?.run_id).toBe('old');
});
