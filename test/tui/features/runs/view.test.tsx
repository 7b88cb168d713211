import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { frameOf } from '../../frame-of.tsx';
import { run } from '../../run-output.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const MESSAGE = `no items on 2 pages (http://127.0.0.1:8080/). ${'The selectors matched nothing at all. '.repeat(3)}The end.`;
const RUNS = [
  run('new', { output_path: '/out/shop.csv' }),
  run('old', { status: 'failed', error: { kind: 'no_items', message: MESSAGE } }),
];

function historyOf(runs: typeof RUNS, size: Partial<State>): State {
  const state = someState({
    views: [{ name: 'jobs' }, { name: 'runs', jobId: 'shop' }],
    runs: { ...someState().runs, jobId: 'shop' },
    ...size,
  });
  const output = { runs, total: runs.length };
  return reduce(state, { kind: 'answer', name: 'list_runs', tag: 'runs.shop', ok: true, output }).state;
}

describe('the runs of a job', () => {
  it.each([
    [120, 30],
    [80, 24],
  ])('says in full why the selected run failed, on %d×%d', (columns, rows) => {
    const state = press(historyOf(RUNS, { columns, rows }), 'j').state;
    const text = frameOf(state).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain(MESSAGE);
  });

  it('begins to say in its row why a run failed from 80 columns on', () => {
    const screen = frameOf(historyOf(RUNS, { columns: 80, rows: 24 })).join('\n');
    expect(screen).toMatch(/TRIGGER +WHY\n/);
    expect(screen).toMatch(/✗ failed .* no items on 2 pages .*…/);
  });

  it('begins to say it on the smallest screen, where runs and the way back are still to be seen', () => {
    const screen = frameOf(press(historyOf(RUNS, { columns: 40, rows: 10 }), 'j').state);
    expect(screen).toHaveLength(10);
    expect(screen.at(-3)).toMatch(/^no items on 2 pages .*…$/);
    expect(screen[1]).toBe('duration  ✗▁ 5.0s, last 5.0s      2 of 2');
    expect(screen.slice(3, 6)).toEqual([
      '  STATUS   STARTED         TOOK    ITEMS',
      '  ✓ ok     09:00           5.0s       20',
      '▌ ✗ failed 09:00           5.0s       20',
    ]);
    expect(screen.at(-1)).toContain('Esc back');
  });

  it.each([
    [200, 50],
    [150, 40],
    [120, 30],
    [80, 24],
    [60, 12],
  ])(
    'says which of the runs is selected, whatever the curve and its words need, on %d×%d',
    (columns, rows) => {
      const many = Array.from({ length: 70 }, (_, at) =>
        run(`run${at}`, { duration_ms: at % 9 === 0 ? 1_300 : 900 + at }),
      );
      const failed = run('newest', {
        status: 'failed',
        error: { kind: 'x', message: 'no' },
        duration_ms: 2_000,
      });
      const line = frameOf(press(historyOf([failed, ...many], { columns, rows }), 'j').state)[1]?.split(
        '│',
      )[0];
      expect(line?.trimEnd()).toMatch(/ 2 of 71$/);
      expect(line).toMatch(columns < 80 ? /901ms to 1.3s/ : /901ms to 1.3s, last ok 1.3s/);
    },
  );

  it('says of what the last value is, where the newest run has none for it failed', () => {
    const failed = run('newest', {
      status: 'failed',
      error: { kind: 'x', message: 'no' },
      duration_ms: 2_000,
    });
    const lines = (runs: typeof RUNS) => frameOf(historyOf(runs, { columns: 120, rows: 30 })).slice(1, 3);
    expect(lines([failed, run('old')])[0]).toContain(' 5.0s, last ok 5.0s ');
    expect(lines([failed, run('old')])[1]).toMatch(/ 20, last ok 20$/);
    expect(lines([run('new'), failed])[0]).toContain(' 5.0s, last 5.0s ');
  });

  it('writes the times in a reason as it writes other times', () => {
    const reason = 'for 2026-11-24T09:30:00.000+01:00: no scheduler was running; caught up (catch_up: one)';
    const late = [run('late', { reason })];
    const screen = frameOf(historyOf(late, { columns: 120, rows: 24 })).join('\n');
    expect(screen).not.toContain('2026-11-24');
    expect(screen.match(/for Tue 24 Nov \d\d:30: no scheduler/g)).toHaveLength(2);
  });

  it('says where the items of a run went that needs no explanation', () => {
    expect(frameOf(historyOf(RUNS, { columns: 80, rows: 24 })).at(-5)).toContain('Output: /out/shop.csv');
  });

  it('names the workers on other machines: in a column where there is room, else below the list', () => {
    const runs = [run('new', { worker: 'paris-1' }), run('old')];
    const wide = frameOf(historyOf(runs, { columns: 120, rows: 30 })).join('\n');
    expect(wide).toMatch(/TRIGGER +WORKER +WHY/);
    expect(wide).toMatch(/new .* schedule +paris-1/);
    expect(wide).toMatch(/old .* schedule +-\s/);
    const narrow = frameOf(historyOf(runs, { columns: 70, rows: 24 })).join('\n');
    expect(narrow).not.toContain('WORKER');
    expect(narrow).toContain('On worker paris-1');
    expect(frameOf(historyOf(RUNS, { columns: 160, rows: 30 })).join('\n')).not.toContain('WORKER');
    const spoken = frameOf(historyOf(runs, { columns: 120, rows: 30, linear: true })).join('\n');
    expect(spoken).toContain('schedule, on paris-1, new');
  });

  it('says what to do when there are none', () => {
    expect(frameOf(historyOf([], { columns: 80, rows: 24 })).join('\n')).toContain(
      'In the list of jobs, r runs it.',
    );
  });
});
