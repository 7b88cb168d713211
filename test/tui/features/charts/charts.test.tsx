import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunOutput } from '../../../../src/core/operations/run-output.ts';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { HomeFigureSums } from '../../../../src/tui/features/charts/home-figures.ts';
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
    expect(frame[1]).toContain('Success  90% · 10 runs · 9 succeeded · ✗ 1 failed');
    // The failures stand below their place in each chart, and nowhere else.
    expect(frame[2]).toContain('Items  last');
    const text = frame.join('\n');
    expect(text).toContain('Items  last 918 · median 898');
    expect(text).toContain('Duration  last 4.0s · median 4.0s');
    expect(text).toContain('Time per page  last 2.0s · median 2.0s');
    expect(text).toMatch(/^ +918 ┤/m);
    expect(text).toMatch(/^ +882 ┤ +[⠀-⣿]/m);
    expect(text).toMatch(/^ +✗ +✗ *$/m);
    expect(text).toMatch(/00:00 +09:00/);
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

  it('leave the median out of a title before it is cut', () => {
    const long = RUNS.map((one) => ({ ...one, duration_ms: 3_723_000 }));
    const text = frameOf(chartsOf(long, { columns: 74, rows: 24 })).join('\n');
    expect(text).toContain('Time per page  last 31m');
    for (const line of text.split('\n')) expect(line).not.toMatch(/· med?i?a?n?… /);
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
      expect(seen).toMatch(/00:00 +09:00/);
      expect(seen.includes('Bytes')).toBe(rows > 11);
      expect(lines.join('\n')).toContain('Bytes');
      expect(lines.at(-1)).toMatch(/00:00 +09:00/);
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
    expect(frameOf(state).at(-3)).toMatch(/^▼ \d+ more rows$/);
    const end = press(state, 'G').state;
    expect(frameOf(end).join('\n')).toContain('Time per page');
    expect(press(end, 'j').state).toBe(end);
    expect(press(end, 'g', 'g').state.charts.top).toBe(0);
  });

  it('say that there is nothing to draw yet', () => {
    expect(frameOf(chartsOf([]))[1]).toContain('No run of the job has ended yet.');
  });
});

describe('the charts of the home', () => {
  const STEP = HOUR / 2;
  const period = { from: NOW - 47 * STEP, step: STEP, steps: 48, now: NOW + STEP - 1 };

  function figures() {
    const sums = new HomeFigureSums(period);
    const add = (at: number, minutes: number, status: 'succeeded' | 'failed', host: string) =>
      sums.add(
        {
          jobId: host.startsWith('shop') ? 'shop' : 'news',
          status,
          begin: NOW + at * STEP,
          end: NOW + at * STEP + minutes * 60_000,
          items: status === 'succeeded' ? 1_200 : 0,
        },
        [host],
      );
    add(-40, 45, 'succeeded', 'shop.example');
    add(-20, 10, 'failed', 'shop.example');
    add(-1, 5, 'succeeded', 'news.example');
    return sums.figures(
      Array.from({ length: 48 }, (_, at) => (at === 7 ? 4 : 1)),
      (ids) => new Map(ids.map((id) => [id, `http: ${id} answered 503`])),
    );
  }

  const opened = (fields: Partial<State> = {}): State => {
    const { state } = press(withJobs(someState(fields)), 'T', 'g', 'c');
    return reduce(state, { kind: 'home_figures', figures: figures() }).state;
  };

  it('add up how long runs were busy with each host, in each step', () => {
    const { hosts, succeeded, failed } = figures();
    expect(hosts.map(({ host }) => host)).toEqual(['shop.example', 'news.example']);
    expect(hosts[0]?.busyMs.slice(7, 9)).toEqual([30 * 60_000, 15 * 60_000]);
    expect([succeeded[7], failed[27], succeeded[46]]).toEqual([1, 1, 1]);
  });

  it('count a run that still runs until now, and one that began before the period within it', () => {
    const sums = new HomeFigureSums({ from: 0, step: 10, steps: 3, now: 25 });
    sums.add({ jobId: 'a', status: 'running', begin: 12, end: null, items: 0 }, ['a']);
    sums.add({ jobId: 'b', status: 'succeeded', begin: -5, end: 5, items: 9 }, ['b']);
    const { hosts, succeeded } = sums.figures([0, 0, 0]);
    expect(hosts).toEqual([
      { host: 'a', busyMs: [0, 8, 5] },
      { host: 'b', busyMs: [5, 0, 0] },
    ]);
    expect(succeeded).toEqual([0, 0, 0]);
  });

  it('are opened from the timeline, from a job’s charts, and where no job is selected', () => {
    expect(currentView(opened()).name).toBe('home_charts');
    expect(subscriptionsOf(opened())).toContainEqual({ kind: 'home_figures' });
    expect(currentView(press(chartsOf(RUNS), 'g', 'c').state).name).toBe('home_charts');
    expect(currentView(press(someState(), 'g', 'c').state).name).toBe('home_charts');
  });

  it('show the runs at once, success, and the load of each host', () => {
    const text = frameOf(opened({ columns: 120, rows: 35 })).join('\n');
    expect(text).toContain('Last 24 hours  67% · 3 runs · 2 succeeded · ✗ 1 failed');
    expect(text).toMatch(/Most at once {2}last 1 · median 1 · by half hour, of 2 slots/);
    expect(text).toMatch(/^ +4 ┤/m);
    expect(text).toMatch(/^ +0 ┤/m);
    expect(text).toMatch(/shop\.example +[▁-█]+ +0ms to 30m per half hour · total 55m/);
    expect(text).toMatch(/news\.example +[▁-█]+ +0ms to 5m 00s per half hour · total 5m 00s/);
  });

  it('name the jobs that failed and why, the busiest jobs and the longest runs', () => {
    const text = frameOf(opened({ columns: 120, rows: 35 })).join('\n');
    expect(text).toContain('· 2,400 items');
    expect(text).toMatch(/^shop {2}1 of 2 {2}00:00 +http: shop answered 503/m);
    expect(text).toMatch(
      /^shop +█+ +2 runs +55m +1,200 items +shop +25 Nov \d\d:\d\d +45m {2}✓ ok · 1,200 items/m,
    );
    expect(text).toMatch(/^news +[█▏▎▍▌▋▊▉]+ +1 run +5m 00s +1,200 items +shop +.* 10m {2}✗ failed/m);
  });

  it('count what did not start, and take a run that goes on with what it took so far', () => {
    const sums = new HomeFigureSums(period);
    const begin = NOW - 10 * STEP;
    sums.add({ jobId: 'a', status: 'missed', begin, end: begin, items: 0 }, ['h']);
    sums.add({ jobId: 'a', status: 'skipped', begin, end: begin, items: 0 }, ['h']);
    sums.add({ jobId: 'a', status: 'running', begin: NOW, end: null, items: 5 }, ['h']);
    sums.add(
      { jobId: 'old', status: 'failed', begin: period.from - STEP, end: period.from - 1, items: 0 },
      [],
    );
    const { unstarted, busiest, longest, failing, items } = sums.figures([]);
    expect([unstarted, failing, items.some((count) => count > 0)]).toEqual([2, [], false]);
    expect(busiest).toMatchObject([{ jobId: 'a', runs: 1, busyMs: STEP - 1 }]);
    expect(longest).toMatchObject([{ jobId: 'a', tookMs: STEP - 1, isActive: true }]);
  });

  it('fill a screen with few hosts: four charts, with the hours below them', () => {
    for (const [columns, rows] of [
      [120, 35],
      [200, 50],
    ] as const) {
      const frame = frameOf(opened({ columns, rows }));
      // Between the head and the footer, blank rows stand only above the tables.
      const blank = frame.slice(1, -2).filter((line) => line.trim() === '').length;
      expect(blank).toBeLessThanOrEqual(6);
      const text = frame.join('\n');
      for (const name of ['Most at once', 'Runs', 'Items', 'Success'])
        expect(text).toMatch(new RegExp(`${name} {2}last`));
      expect(text).toMatch(/\d\d:00 +\d\d:00 +\d\d:00.* now +.*\d\d:00 +\d\d:00.* now/);
    }
  });

  it('begin at zero, also where each half hour has runs and items, and none failed', () => {
    const sums = new HomeFigureSums(period);
    for (let begin = period.from; begin < NOW; begin += STEP)
      sums.add({ jobId: 'a', status: 'succeeded', begin, end: begin + 1, items: 7 }, ['h']);
    const event = { kind: 'home_figures', figures: sums.figures([1]) } as const;
    const text = frameOf(reduce(opened({ columns: 120, rows: 35 }), event).state).join('\n');
    expect(text).toMatch(/^ +0 ┤.* 0 ┤[\s\S]*^ +0 ┤.* 0% ┤/m);
  });

  it('mark the half hours with a failure by one sign, below each chart and right of its axis', () => {
    const frame = frameOf(opened({ columns: 120, rows: 35 }));
    const marked = frame.slice(2).filter((line) => /✗/.test(line) && !/failed/.test(line));
    expect(marked).toHaveLength(2);
    const axis = frame.find((line) => line.includes('┤')) ?? '';
    const [left, right] = [axis.indexOf('┤'), axis.lastIndexOf('┤')];
    for (const line of marked) {
      expect(line.trim()).toMatch(/^✗ +✗$/);
      expect(line.indexOf('✗')).toBeGreaterThan(left);
      expect(line.lastIndexOf('✗')).toBeGreaterThan(right);
      expect(line.lastIndexOf('✗') - line.indexOf('✗')).toBe(right - left);
    }
  });

  it('scroll on a low screen: no chart, job or run is left out', () => {
    const sums = new HomeFigureSums(period);
    const jobs = Array.from({ length: 5 }, (_, at) => `shop-${at}`);
    for (const jobId of jobs)
      sums.add({ jobId, status: 'failed', begin: NOW, end: NOW + 60_000, items: 0 }, ['shop.example']);
    const event = { kind: 'home_figures', figures: sums.figures([1]) } as const;
    const { state } = reduce(opened({ columns: 80, rows: 24 }), event);
    const top = frameOf(state);
    expect(top.at(-3)).toMatch(/^▼ \d+ more rows$/);
    for (const name of ['Most at once', 'Runs', 'Items', 'Success'])
      expect(top.join('\n')).toMatch(new RegExp(`${name} {2}(last|no value)`));
    let seen = top.join('\n');
    for (let at = state; ; ) {
      const { state: next } = press(at, 'j');
      if (next.charts.top === at.charts.top) break;
      at = next;
      seen += frameOf(at).join('\n');
    }
    expect(seen).toContain('Longest runs');
    for (const jobId of jobs) expect(seen).toMatch(new RegExp(`${jobId} +1 of 1`));
  });

  it('say all of it in words to a screen reader', () => {
    const text = frameOf(opened({ columns: 120, rows: 35, linear: true })).join('\n');
    expect(text).toMatch(/Job shop: 1 of 2 runs failed, the last one of 00:00, http: shop answered 503/);
    expect(text).toMatch(/Job shop: busy for 55m in 2 runs, 1,200 items/);
    expect(text).toMatch(/Run of shop at 25 Nov \d\d:\d\d: took 45m, ok, 1,200 items/);
  });

  it('leave the rows of a high screen to many hosts, and shorten their figures on a narrow one', () => {
    const sums = new HomeFigureSums(period);
    for (let host = 0; host < 20; host += 1)
      sums.add(
        { jobId: 'shop', status: 'succeeded', begin: NOW, end: NOW + 60_000 * (20 - host), items: 1 },
        [`h${host}.example`],
      );
    const event = { kind: 'home_figures', figures: sums.figures([]) } as const;
    const frame = frameOf(reduce(opened({ columns: 80, rows: 60 }), event).state);
    expect(frame.findIndex((line) => line.includes('Load by host'))).toBeLessThan(42);
    expect(frame.join('\n')).toMatch(/h0\.example +[▁-█]+ +0ms to 20m · total 20m$/m);
  });

  it('list the busiest hosts, and count the others', () => {
    const sums = new HomeFigureSums(period);
    for (let host = 0; host < 50; host += 1)
      sums.add({ jobId: 'shop', status: 'succeeded', begin: NOW, end: NOW + 1_000 * (host + 1), items: 1 }, [
        `h${host}.example`,
      ]);
    const event = { kind: 'home_figures', figures: sums.figures([]) } as const;
    const text = frameOf(press(reduce(opened({ rows: 90 }), event).state, 'G').state).join('\n');
    expect(text).toContain('h10.example');
    expect(text).not.toContain('h9.example');
    expect(text).toContain('… and 10 hosts with less load');
  });

  it.each(SIZES)('fit on %d×%d', (columns, rows) => {
    expectFit(frameOf(opened({ columns, rows })), columns, rows);
    expectFit(frameOf(opened({ columns, rows, linear: true })), columns, rows);
  });
});
