import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunOutput } from '../../../../src/core/operations/run-output.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { chartRows } from '../../../../src/tui/features/charts/chart-rows.ts';
import { formatRate, jobChartRows } from '../../../../src/tui/features/charts/job-charts.ts';
import { jobFigures } from '../../../../src/tui/features/charts/job-figures.ts';
import { summarize } from '../../../../src/tui/features/charts/series.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { currentView } from '../../../../src/tui/kernel/step.ts';
import { textAt } from '../../../../src/tui/ui/styled-row.ts';
import { expectFit, frameOf, SIZES } from '../../frame-of.tsx';
import { homeOf, jobRow } from '../../job-rows.ts';
import { run } from '../../run-output.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const HOUR = 3_600_000;
const NOW = someState().now;
const FAILED: Partial<RunOutput> = {
  status: 'failed',
  items: 0,
  duration_ms: 60_000,
  error: { kind: 'http', message: 'HTTP 503' },
};

/** Runs of each hour, the newest first, of 882 to 918 items; the third but last failed. */
const RUNS = Array.from({ length: 10 }, (_, ago) => {
  const started_at = new Date(Date.parse('2026-11-26T09:00:00Z') - ago * HOUR).toISOString();
  const about = { started_at, queued_at: started_at, items: 918 - 4 * ago, pages: 2, duration_ms: 4_000 };
  return run(`run${ago}`, { ...about, ...(ago === 2 && FAILED) });
});

function withJobs(state: State): State {
  const data = homeOf([jobRow('news'), jobRow('shop')]);
  return reduce(state, { kind: 'home', data, changed: [], activity: [] }).state;
}

/** The charts of the job `shop`. */
function chartsOf(runs: readonly RunOutput[], fields: Partial<State> = {}): State {
  const opened = press(withJobs(someState(fields)), 'j', 'g', 'c');
  expect(opened.effects).toMatchObject([{ kind: 'call', name: 'list_runs', params: { job_id: 'shop' } }]);
  const output = { runs: [...runs], total: runs.length };
  return reduce(opened.state, { kind: 'answer', name: 'list_runs', tag: 'runs.shop', ok: true, output })
    .state;
}

describe('the figures of a job', () => {
  it('are those of the runs that succeeded, and count the others', () => {
    const figures = jobFigures([run('now', { status: 'running', finished_at: null }), ...RUNS]);
    expect(figures).toMatchObject({ succeeded: 9, failed: 1, successRate: 0.9 });
    expect(figures.runs.map(({ run_id }) => run_id)).toEqual(RUNS.map(({ run_id }) => run_id).reverse());
    const items = figures.series.find(({ key }) => key === 'items')?.values ?? [];
    expect(items).toEqual([882, 886, 890, 894, 898, 902, 906, null, 914, 918]);
    expect(summarize(items)).toEqual({ lowest: 882, highest: 918, median: 898, last: 918 });
    expect(figures.series.find(({ key }) => key === 'ms_per_page')?.values.at(-1)).toBe(2_000);
  });

  it('are of the newest runs where not all are wanted', () => {
    expect(jobFigures(RUNS, 3).runs.map(({ run_id }) => run_id)).toEqual(['run2', 'run1', 'run0']);
  });

  it('have no value without a run that succeeded', () => {
    expect(jobFigures([])).toMatchObject({ successRate: null });
    expect(summarize([null])).toBeUndefined();
    expect([null, 0.999, 0.001, 1, 0.5].map(formatRate)).toEqual(['no run', '99.9%', '0.1%', '100%', '50%']);
  });
});

describe('the medians of fields', () => {
  const answer = (state: State, id: string, ok: boolean, median = 0) => {
    const stats = [
      { field: 'title', filled: 20, distinct: 20, numbers: 1, median: 1984 },
      { field: 'price', filled: 20, distinct: 9, numbers: 20, median },
    ];
    const about = { kind: 'answer', name: 'list_items', tag: `charts.medians.${id}` } as const;
    const output = { run_id: id, items: [], total: 20, all: 20, fields: [], stats };
    const failure = { code: 'conflict', message: 'its items are gone' } as const;
    return reduce(state, ok ? { ...about, ok, output } : { ...about, ok, failure });
  };

  it('are read from one run after the other, and drawn below the other charts', () => {
    const asked = press(chartsOf(RUNS, { columns: 100, rows: 40 }), 'f');
    expect(asked.effects).toMatchObject([
      { name: 'list_items', params: { run_id: 'run0', limit: 0, stats: true } },
    ]);
    const second = answer(asked.state, 'run0', true, 9.5);
    expect(second.effects).toMatchObject([{ name: 'list_items', params: { run_id: 'run1' } }]);
    // run2 failed.
    const fourth = answer(second.state, 'run1', false);
    expect(fourth.effects).toMatchObject([{ params: { run_id: 'run3' } }]);
    const { state } = answer(fourth.state, 'run3', true, 7);
    const text = frameOf(state).join('\n');
    expect(text).toContain('price  last 9.5 · median 8.25');
    expect(text).not.toContain('title  last');
    const off = press(state, 'f');
    expect(off.effects).toEqual([]);
    expect(frameOf(off.state).join('\n')).not.toContain('price');
  });

  it('are not read on when the charts were left', () => {
    const asked = press(chartsOf(RUNS), 'f');
    const left = press(asked.state, 'escape');
    expect(answer(left.state, 'run0', true, 9).effects).toEqual([]);
  });

  it('are not there where no run has items', () => {
    const { state, effects } = press(chartsOf([run('none', { items: 0 })]), 'f');
    expect(effects).toEqual([]);
    expect(frameOf(state).join('\n')).toContain('No run of the job has items');
  });
});

describe('the charts of a job', () => {
  it('stand at a scale from the lowest to the highest value, with failures marked', () => {
    const frame = frameOf(chartsOf(RUNS, { columns: 100, rows: 30 }));
    expect(frame[0]).toContain('shop · charts');
    expect(frame[1]).toContain('Success  90% · last 10 runs · 9 succeeded · ✗ 1 failed');
    // The failures stand below their place in each chart, and nowhere else.
    expect(frame[2]).toContain('Items  last');
    const text = frame.join('\n');
    expect(text).toContain('Items  last 918 · median 898');
    expect(text).toContain('Duration  last 4.0s · median 4.0s');
    expect(text).toContain('Time per page  last 2.0s · median 2.0s');
    expect(text).toMatch(/^ +918 ┤/m);
    expect(text).toMatch(/^ +882 ┤ +[⠀-⣿]/m);
    expect(text).toMatch(/^ +✗ +✗ *$/m);
    expect(text).toMatch(/00:00 +0\d:00 .* 09:00/);
  });

  it.each(SIZES)('fit on %d×%d, with one run or many', (columns, rows) => {
    for (const runs of [RUNS, RUNS.slice(0, 1), [], RUNS.slice(2, 3)])
      expectFit(frameOf(chartsOf(runs, { columns, rows })), columns, rows);
  });

  it('name the day at both ends where they differ', () => {
    const day = (ago: number) => new Date(Date.parse('2026-11-26T09:00:00Z') - ago * HOUR).toISOString();
    const runs = (ago: number) =>
      [0, ago].map((hours) => run(`ago${hours}`, { started_at: day(hours), queued_at: day(hours) }));
    const text = (ago: number) => frameOf(chartsOf(runs(ago), { columns: 120, rows: 30 })).join('\n');
    expect(text(49)).toMatch(/24 Nov 08:00 +26 Nov 09:00/);
    expect(text(8 * 24)).toMatch(/18 Nov \d\d:\d\d +26 Nov/);
  });

  it('stand in one column where two would be squeezed and there are rows for it', () => {
    const isBeside = (columns: number, rows: number) =>
      frameOf(chartsOf(RUNS, { columns, rows })).some((line) => /Items .*Duration/.test(line));
    expect([isBeside(80, 40), isBeside(80, 24), isBeside(120, 40)]).toEqual([false, true, true]);
  });

  it('say the value in the middle of an axis from six rows on, and times between the ends', () => {
    const text = frameOf(chartsOf(RUNS, { columns: 120, rows: 30 })).join('\n');
    expect(text).toMatch(/^ +918 ┤[\s\S]*^ +900 ┤[\s\S]*^ +882 ┤/m);
    expect(text).toMatch(/00:00 +0\d:00 .* 09:00 +00:00 +0\d:00 .* 09:00/);
    expect(frameOf(chartsOf(RUNS, { columns: 120, rows: 18 })).join('\n')).not.toMatch(/^ +900 ┤/m);
  });

  it('use all rows of their pane', () => {
    for (const rows of [24, 25, 26, 27, 45]) {
      const area = { columns: 120, rows, across: 2, now: NOW, timezone: 'UTC' } as const;
      expect(jobChartRows(jobFigures(RUNS), area, { signs: 'braille', isSpoken: false })).toHaveLength(rows);
    }
  });

  it('colour the body of a chart that begins at zero by height, and a line alike', () => {
    const stylesOf = (values: readonly number[]) => {
      const room = { columns: 40, plotRows: 6, labelCells: 4, marks: [] };
      const series = { name: 'Runs', values, format: String };
      const rows = chartRows(series, room, { signs: 'braille', isSpoken: false }).slice(1);
      return rows.map(({ spans }) => spans[1]?.style);
    };
    expect(stylesOf([0, 5, 9])).toEqual([
      ...['bodyHigh', 'bodyHigh', 'bodyMiddle', 'bodyMiddle', 'bodyLow', 'bodyLow'],
    ]);
    expect(new Set(stylesOf([4, 5, 9]))).toEqual(new Set(['accent']));
  });

  it('leave the median out of a title before it is cut', () => {
    const long = RUNS.map((one) => ({ ...one, duration_ms: 3_723_000 }));
    const text = frameOf(chartsOf(long, { columns: 74, rows: 24 })).join('\n');
    expect(text).toContain('Time per page  last 31m');
    expect(text).not.toContain('31m · median');
    for (const line of text.split('\n')) expect(line).not.toMatch(/· med?i?a?n?… /);
  });

  it('shorten the word median before they leave its figure out', () => {
    const slow = RUNS.map((one) => ({ ...one, duration_ms: 980 }));
    const text = frameOf(chartsOf(slow, { columns: 80, rows: 24 })).join('\n');
    expect(text).toMatch(/Time per page {2}last 490ms · med 490ms/);
  });

  it('write the ends of an axis with as many digits as it takes for them to differ', () => {
    const near = RUNS.map((one, at) => ({
      ...one,
      bytes: 1_234_500 + 20 * at,
      duration_ms: 65_000 + 7 * at,
    }));
    const text = frameOf(chartsOf(near, { columns: 120, rows: 35 })).join('\n');
    expect(text).toMatch(/1\.235 MB ┤[\s\S]*1\.234 MB ┤/);
    expect(text).toMatch(/ 65\.06s ┤[\s\S]* 65\.00s ┤/);
    expect(text).toContain('Bytes  last 1.2 MB · median 1.2 MB');
    expect(frameOf(chartsOf(near, { linear: true })).join('\n')).toContain(
      'lowest 1.234 MB, highest 1.235 MB',
    );
  });

  it('say how many runs a bar stands for when it is not one', () => {
    const series = jobFigures(RUNS).series[0];
    if (series === undefined) throw new Error('there are no figures');
    const titleAt = (columns: number, signs: 'blocks' | 'braille') =>
      chartRows(series, { columns, plotRows: 3, labelCells: 3, marks: [] }, { signs, isSpoken: false })[0]
        ?.spans.map(({ text }) => textAt(text, NOW))
        .join('');
    expect(titleAt(40, 'blocks')).toBe('Items  last 918 · median 898');
    expect(titleAt(12, 'blocks')).not.toContain('a bar');
    const many = { ...series, values: Array.from({ length: 70 }, (_, at) => at) };
    const long = chartRows(
      many,
      { columns: 60, plotRows: 3, labelCells: 3, marks: [] },
      { signs: 'blocks', isSpoken: false },
    );
    expect(long[0]?.spans.map(({ text }) => textAt(text, NOW)).join('')).toContain(' · up to 2 runs a bar');
  });

  it('begin in a low pane with charts that are whole, with the times below them', () => {
    for (const rows of [11, 13, 15]) {
      const drawn = jobChartRows(
        jobFigures(RUNS),
        { columns: 80, rows, across: 2, now: NOW, timezone: 'UTC' },
        { signs: 'braille', isSpoken: false },
      );
      const lines = drawn.map(({ spans }) => spans.map(({ text }) => textAt(text, NOW)).join(''));
      const seen = lines.slice(0, rows).join('\n');
      expect(seen).toMatch(/00:00 .* 09:00/);
      expect(seen.includes('Bytes')).toBe(rows > 11);
      expect(lines.join('\n')).toContain('Bytes');
      expect(lines.at(-1)).toMatch(/00:00 .* 09:00/);
    }
  });

  it('can be drawn in bars, and in ASCII where the terminal has nothing else', () => {
    const state = chartsOf(RUNS, { columns: 100, rows: 30 });
    expect(frameOf(press(state, 'b').state).join('\n')).toMatch(/882 ┤[▁ ]/);
    expect(frameOf(press(state, 'b', 'b').state)).toEqual(frameOf(state));
    const ascii = frameOf(state, { unicode: false }).join('\n');
    expect(ascii).toMatch(/882 \+ +\*/);
    expect(ascii).toMatch(/^ +x +x *$/m);
    expect(ascii).not.toMatch(/[^\x20-\x7e\n]/);
  });

  it('are words for a screen reader', () => {
    const text = frameOf(chartsOf(RUNS, { linear: true })).join('\n');
    expect(text).toContain('Items: last 918, median 898, lowest 882, highest 918');
    expect(text).toContain('Failed: run2 at 07:00');
    const narrow = frameOf(chartsOf(RUNS, { linear: true, columns: 50 })).join(' ');
    expect(narrow.replaceAll(/\s+/g, ' ')).toContain('median 2.0s, lowest 2.0s, highest 2.0s');
    expect(text).not.toMatch(/[⠀-⣿▁-█✗✓┤]/);
  });

  it('scroll where they do not fit', () => {
    const state = chartsOf(RUNS, { columns: 60, rows: 12 });
    expect(frameOf(state).join('\n')).not.toContain('Time per page');
    expect(frameOf(state).at(-3)).toMatch(/^▼ \d+ more$/);
    expect(frameOf(press(state, 'j', 'j').state).at(-3)).toMatch(/^▲ 2 above ▼ \d+ more$/);
    const end = press(state, 'G').state;
    expect(frameOf(end).join('\n')).toContain('Time per page');
    expect(press(end, 'j').state).toBe(end);
    expect(press(end, 'g', 'g').state.charts.top).toBe(0);
  });

  it('say that there is nothing to draw yet', () => {
    expect(frameOf(chartsOf([]))[1]).toContain('No run of the job has ended yet.');
  });

  it('lead to those of the home', () => {
    expect(currentView(press(chartsOf(RUNS), 'g', 'c').state).name).toBe('home_charts');
  });
});
