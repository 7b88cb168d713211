import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import { HomeFigureSums } from '../../../../src/tui/features/charts/home-figures.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { currentView } from '../../../../src/tui/kernel/step.ts';
import { expectFit, frameOf, SIZES } from '../../frame-of.tsx';
import { homeOf, jobRow } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const HOUR = 3_600_000;
const NOW = someState().now;

function withJobs(state: State): State {
  const data = homeOf([jobRow('news'), jobRow('shop')]);
  return reduce(state, { kind: 'home', data, changed: [], activity: [] }).state;
}

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

  it('are opened from the timeline, and where no job is selected', () => {
    expect(currentView(opened()).name).toBe('home_charts');
    expect(subscriptionsOf(opened())).toContainEqual({ kind: 'home_figures' });
    expect(currentView(press(someState(), 'g', 'c').state).name).toBe('home_charts');
  });

  it('show the runs at once, success, and the load of each host', () => {
    const text = frameOf(opened({ columns: 120, rows: 35 })).join('\n');
    expect(text).toContain('Last 24 hours  67% · 3 runs · 2 succeeded · ✗ 1 failed');
    expect(text).toMatch(/Most at once {2}last 1 · median 1 · of 2 slots, by half hour/);
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

  /** The home's charts with a run of so many items at each half hour of a pattern, and one of `last` in the last. */
  function withItems(columns: number, last: number): string[] {
    const sums = new HomeFigureSums(period);
    for (let at = 0; at < 48; at += 1) {
      const begin = period.from + at * STEP;
      const items = at === 47 ? last : 100 + (at % 3) * 20;
      sums.add({ jobId: 'a', status: 'succeeded', begin, end: begin + 1, items }, ['h']);
    }
    const event = { kind: 'home_figures', figures: sums.figures(Array(48).fill(1)) } as const;
    return frameOf(reduce(opened({ columns, rows: 35 }), event).state);
  }

  it('fit their scale to the values, not to the slots, which the title counts', () => {
    for (const columns of [80, 120]) {
      const text = withItems(columns, 120).join('\n');
      expect(text).toMatch(/Most at once {2}last 1 · median 1 · of 2 slots/);
      expect(text).toMatch(/^ +1 ┤/m);
      expect(text).not.toMatch(/^ +2 ┤/m);
    }
  });

  it('clip a single value far above the others, and only with a mark and its value', () => {
    const frame = withItems(120, 5_000);
    const title = frame.findIndex((line) =>
      line.includes('Items  last 5,000 ▲ · median 120 · ▲ is above the scale'),
    );
    expect(title).toBeGreaterThan(0);
    expect(frame[title + 1]).toMatch(/^ +140 ┤.*▲/);
    expect(withItems(120, 400).join('\n')).not.toContain('▲ is');
  });

  it('clip a few half hours of a host far above the others, with a mark and how long they were', () => {
    const sums = new HomeFigureSums(period);
    for (let at = -46; at < 0; at += 1) {
      const begin = NOW + at * STEP;
      const took = at === -9 ? 1_200_000 : at === -3 ? 700_000 : 20_000 - 300 * at;
      sums.add({ jobId: 'shop', status: 'succeeded', begin, end: begin + took, items: 1 }, ['shop.example']);
    }
    const event = { kind: 'home_figures', figures: sums.figures([1]) } as const;
    for (const columns of [80, 120]) {
      const { state } = press(reduce(opened({ columns, rows: 60 }), event).state);
      const line = frameOf(state).find((text) => text.startsWith('shop.example  ▁'));
      expect(line?.match(/▲/g)).toHaveLength(3);
      expect(line).toMatch(/0ms to 33s, ▲ 20m( per half hour)? · total/);
      expect(line).toMatch(/█.*▅/);
    }
  });

  it('say for how long a bar stands, where half hours share one', () => {
    const bars = frameOf(press(opened({ columns: 80, rows: 24 }), 'b').state).join('\n');
    expect(bars).toMatch(/Most at once {2}last 1 · up to 1h a bar/);
    expect(frameOf(opened({ columns: 80, rows: 24 })).join('\n')).not.toContain('a bar');
  });

  it('cut no count of items in their tables, and write all in the same way', () => {
    const sums = new HomeFigureSums(period);
    const begin = NOW - 40 * STEP;
    for (const [jobId, items] of [
      ['books-every-minute', 1_000],
      ['books-each-quarter', 12_345],
    ] as const)
      sums.add({ jobId, status: 'succeeded', begin, end: begin + 65_000, items }, ['h']);
    const event = { kind: 'home_figures', figures: sums.figures([1]) } as const;
    for (const columns of [120, 80]) {
      const { state } = press(reduce(opened({ columns, rows: 60 }), event).state);
      const text = frameOf(state).join('\n');
      expect(text).toMatch(/1,000 items/);
      expect(text.match(/✓ (ok · )?12,345 items|✓ (ok · )?1,000 items/g)).toHaveLength(2);
      expect(text).not.toMatch(/it…|12k/);
    }
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
    expect(top.at(-3)).toMatch(/^▼ \d+ more$/);
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
