import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { runsLayout, selectedRun } from '../../../../src/tui/features/runs/reducer.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { expectFit, frameOf } from '../../frame-of.tsx';
import { run } from '../../run-output.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const RUNS = [run('newrun'), run('midrun'), run('oldrun')];

/** The runs of a job on a screen, with a log of a hundred lines for each run that is asked for. */
function opened(columns: number, fields: Partial<State> = {}): State {
  const state = someState({
    views: [{ name: 'jobs' }, { name: 'runs', jobId: 'shop' }],
    runs: { ...someState().runs, jobId: 'shop' },
    columns,
    rows: 40,
    ...fields,
  });
  const output = { runs: RUNS, total: RUNS.length };
  return reduce(state, { kind: 'answer', name: 'list_runs', tag: 'runs.shop', ok: true, output }).state;
}

function withLog(state: State, runId: string): State {
  const lines = Array.from({ length: 100 }, (_, at) => {
    const text = `line ${at} of ${runId}`;
    return { offset: at * 20, bytes: 20, at: 0, level: 'info' as const, text };
  });
  const page = { lines, from: 0, until: 2000, unfinished: undefined, size: 2000 };
  return reduce(state, { kind: 'log', runId, event: { kind: 'end', page } }).state;
}

const logs = (state: State) =>
  subscriptionsOf(state).flatMap((each) => (each.kind === 'log' ? [each.runId] : []));

describe('the log beside the runs', () => {
  it('stands there from 150 columns on, and takes no column away', () => {
    const titles = (columns: number) => frameOf(opened(columns))[3]?.split('│')[0]?.trim().split(/\s+/);
    expect(runsLayout(opened(149)).side).toBeUndefined();
    expect(titles(150)).toEqual(titles(149));
    for (const columns of [150, 160, 200, 260]) {
      const screen = frameOf(withLog(opened(columns), 'newrun'));
      expectFit(screen, columns, 40);
      expect(screen[1], `at ${columns}`).toContain('Log of newrun');
      expect(screen.join('\n')).toContain('line 99 of newrun');
      expect(screen[1], `at ${columns}`).toMatch(/ lines 65–100 of 100 · following$/);
    }
  });

  it('follows the selected run; only the log that is shown is read', () => {
    expect(logs(opened(149))).toEqual([]);
    expect(logs(opened(150))).toEqual(['newrun']);
    const moved = press(withLog(opened(150), 'newrun'), 'j').state;
    expect(logs(moved)).toEqual(['midrun']);
    expect(frameOf(moved).join('\n')).toContain('Reading the log…');
    expect(logs(press(opened(150), '_').state)).toEqual([]);
    expect(logs(press(opened(150), '+').state)).toEqual(['newrun']);
  });

  it('+ and _ go through list, both and log', () => {
    const shown = (...keys: string[]) => {
      const { mainShown, side } = runsLayout(press(opened(200), ...keys).state);
      return `${mainShown ? 'list' : ''}${side ? 'log' : ''}`;
    };
    expect([shown(), shown('+'), shown('+', '+'), shown('_')]).toEqual(['listlog', 'log', 'list', 'list']);
  });

  it('has the keys of a log while it has the focus', () => {
    const state = press(withLog(opened(150), 'newrun'), 'tab').state;
    expect(state.pane).toBe('side');
    const scrolled = press(state, 'k', 'k').state;
    expect(scrolled.log.slice.follow).toBe(false);
    expect(selectedRun(scrolled)?.run_id).toBe('newrun');
    const found = press(state, '/', ...'line 7 ', 'enter').state;
    expect(found.log.slice.search?.hits).toHaveLength(1);
    expect(frameOf(found).join('\n')).toContain('line 7 of newrun');
    // Esc ends the search, then leaves the log, then the view.
    const back = press(found, 'escape').state;
    expect([back.log.slice.search, back.pane]).toEqual([undefined, 'side']);
    expect(press(back, 'escape').state.pane).toBe('main');
  });

  it('[ and ] select a run, and x and r are still about it', () => {
    const state = press(withLog(opened(150), 'newrun'), 'tab').state;
    expect(selectedRun(press(state, '[').state)?.run_id).toBe('midrun');
    expect(selectedRun(press(state, '[', ']').state)?.run_id).toBe('newrun');
    expect(press(state, 'r').effects).toMatchObject([{ name: 'retry_run', params: { run_id: 'newrun' } }]);
  });

  it('the mouse scrolls it, and a click moves the keys to it or back', () => {
    const state = withLog(opened(150), 'newrun');
    const mouse = (from: State, what: 'press' | 'wheel_up', column: number) => {
      const button = what === 'press' ? 'left' : 'none';
      const modifiers = { shift: false, alt: false, ctrl: false };
      return reduce(from, { kind: 'mouse', what, button, column, row: 5, ...modifiers }).state;
    };
    expect(mouse(state, 'wheel_up', 120).log.slice.follow).toBe(false);
    const inLog = mouse(state, 'press', 120);
    expect([inLog.pane, selectedRun(inLog)?.run_id]).toEqual(['side', 'newrun']);
    const inList = mouse(inLog, 'press', 10);
    expect([inList.pane, selectedRun(inList)?.run_id]).toEqual(['main', 'midrun']);
  });

  it('wraps long lines, which a log of its own does only if the user likes it; w cuts them', () => {
    const text = `${'a long line about a page of the shop '.repeat(4)}whose end matters`;
    const line = { offset: 0, bytes: 200, at: 0, level: 'info' as const, text };
    const page = { lines: [line], from: 0, until: 200, unfinished: undefined, size: 200 };
    const event = { kind: 'log', runId: 'newrun', event: { kind: 'end', page } } as const;
    const state = reduce(opened(150), event).state;
    const ends = (after: State) => frameOf(after).join('').replaceAll(/\s/g, '').includes('endmatters');
    expect(ends(state)).toBe(true);
    const { state: cut, effects } = press(state, 'tab', 'w');
    expect(frameOf(cut).join('')).not.toContain('matters');
    expect(effects).toEqual([]);
    expect(press(cut, 'w').state.log.isCutBeside).toBe(false);
  });

  it('has one row for a usual line, without the host and the level that all lines share', () => {
    const line = (offset: number, level: 'info' | 'warn', text: string) => ({
      ...{ offset, bytes: 90, at: 0, level, text },
    });
    const lines = [
      line(0, 'info', 'https://shop.example/catalogue/page-2.html: HTTP 200, 20 items, 51.3 kB'),
      line(90, 'warn', 'https://shop.example/catalogue/page-3: left out, twice'),
    ];
    const page = { lines, from: 0, until: 180, unfinished: undefined, size: 180 };
    const event = { kind: 'log', runId: 'newrun', event: { kind: 'end', page } } as const;
    const state = reduce(opened(150, { timezone: 'UTC' }), event).state;
    const shown = (of: State) => frameOf(of).map((row) => row.split('│')[1]?.trim());
    expect(shown(state)).toContain('00:00:00 …/catalogue/page-2.html: HTTP 200, 20 items, 51.3 kB');
    expect(shown(state)).toContain('00:00:00 WARN https://shop.example/catalogue/page-3: left');
    // What is searched for may be in what was left out.
    const searched = press(state, 'tab', '/', ...'example', 'enter').state;
    expect(shown(searched).join('\n')).toContain('00:00:00 https://shop.example/catalogue/page-2.html');
    expect(frameOf(reduce(opened(200), event).state).join('\n')).toContain(`${lines[0]?.text}`);
  });

  it('gives the keys back to the list on a screen that has become narrow, and says there what is missing', () => {
    const narrow = reduce(press(opened(150), 'tab').state, { kind: 'resize', columns: 100, rows: 30 }).state;
    expect(narrow.pane).toBe('main');
    expect(press(narrow, 'tab').state.notices.at(-1)?.text).toContain('needs a screen of 150 columns');
    expect(press(narrow, '+').state.notices.at(-1)?.text).toContain('needs a screen of 150 columns');
  });

  it('is not there for a screen reader, which hears one thing after the other', () => {
    expect(runsLayout(opened(200, { linear: true })).side).toBeUndefined();
  });
});

describe('what is said once beside the log', () => {
  const failed = run('badrun', {
    status: 'failed',
    error: { kind: 'x', message: 'price is empty '.repeat(20) },
  });
  const skipped = run('norun', {
    status: 'skipped',
    started_at: null,
    reason: `held back ${'by a limit '.repeat(20)}`,
  });
  const told = (state: State, ...runs: (typeof failed)[]) =>
    reduce(state, {
      ...{ kind: 'answer', name: 'list_runs', tag: 'runs.shop', ok: true },
      ...{ output: { runs, total: runs.length } },
    } as Parameters<typeof reduce>[1]).state;

  it('the reason of a failed run is below the list only where its log is not beside it', () => {
    const reasons = (columns: number) =>
      frameOf(told(opened(columns), failed)).filter((line) => line.includes('price is empty')).length;
    expect(reasons(149)).toBeGreaterThan(1);
    expect(reasons(200)).toBe(1);
  });

  it('on a high screen the list has below it what its row and the log leave out', () => {
    const full = run('nowrun', {
      ...{ trigger: 'manual', output_path: '/out/shop.csv', pages: 12, bytes: 1_234_567 },
      ...{ started_at: '2026-11-24T09:00:09.000Z', attempt: 2, max_attempts: 3 },
    });
    const state = told(opened(200, { rows: 50, timezone: 'UTC' }), full);
    const screen = frameOf(state);
    expectFit(screen, 200, 50);
    const text = screen.map((line) => line.split('│')[0]?.trimEnd()).join('\n');
    expect(text).toContain('Started   Tue 24 Nov 09:00:09 +00:00');
    expect(text).toContain('Took      5.0s: 12 pages, 1.2 MB, 20 items');
    expect(text).toContain('Output    /out/shop.csv');
    expect(text).toMatch(/^Run +nowrun, manual.*, attempt 2 of 3$/m);
    expect(frameOf({ ...state, rows: 24 }).join('\n')).not.toContain('Output ');
  });

  it('a run without a log has its reason in place of one', () => {
    const text = frameOf(told(opened(200), skipped))
      .map((line) => line.split('│')[1] ?? '')
      .join('\n');
    expect(text).toContain('held back by a limit');
  });
});
