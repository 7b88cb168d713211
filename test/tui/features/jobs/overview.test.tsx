import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import type { TabAnswer } from '../../../../src/tui/features/job-detail/model.ts';
import type { State, SubscriptionOf } from '../../../../src/tui/kernel/model.ts';
import { expectFit, frameOf } from '../../frame-of.tsx';
import { homeOf, jobRow, NOW, pastRun } from '../../job-rows.ts';
import { run } from '../../run-output.ts';
import { press, someState, typed } from '../../some-state.ts';

afterEach(cleanup);

const HOUR = 3_600_000;

/** Jobs of which each ran every hour, the second of them last. */
const jobsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => {
    const history = [3, 2, 1].map((hours) =>
      pastRun({
        ...{ runId: `${at}-${hours}`, ago: hours * HOUR - (at === 1 ? 60_000 * (4 - hours) : at), items: 40 },
        ...(at === 2 && hours === 1 ? { status: 'failed' as const } : {}),
      }),
    );
    const last = history.at(-1) ?? null;
    return jobRow(`shop-${at}`, { nextRun: NOW + (count - at) * HOUR, history, last });
  });

function opened(columns: number, rows: number, count = 10): State {
  const state = someState({ columns, rows, now: NOW });
  const scheduler = { ...homeOf([]).scheduler, state: 'running' as const };
  const data = homeOf(jobsOf(count), { scheduler });
  return reduce(state, { kind: 'home', data, changed: [], activity: [] }).state;
}

const RUNS = Array.from({ length: 12 }, (_, ago) => {
  const started_at = new Date(NOW - ago * HOUR).toISOString();
  return run(`r${ago}`, { started_at, queued_at: started_at, items: 900 + ago });
});

function withCharts(state: State, jobId = 'shop-0'): State {
  const answer: TabAnswer = { data: { tab: 'charts', runs: RUNS } };
  return reduce(state, { kind: 'job_tab', jobId, tab: 'charts', answer }).state;
}

const asked = (state: State) =>
  subscriptionsOf(state).filter((one): one is SubscriptionOf<'job_tab'> => one.kind === 'job_tab');

describe('below a short list of jobs', () => {
  it('stand the charts of the selected job, and the runs before and after now', () => {
    const frame = frameOf(withCharts(opened(200, 50)));
    expectFit(frame, 200, 50);
    const text = frame.join('\n');
    expect(frame[14]).toMatch(/^── shop-0 ─+/);
    expect(text).toMatch(/Success {2}100% · last 12 runs/);
    expect(text).toMatch(/Items {2}last 900 · median 905\.5 .* Duration {2}last 5\.0s/);
    expect(text).toMatch(/Latest runs +Next runs/);
    expect(text).toMatch(/11:03 {2}✓ shop-1 +1\.0s {2}40 items .*13:00 +shop-9 {2}every day at 09:00/);
    expect(text).toContain('✗ shop-2     1.0s  failed');
  });

  it('are drawn once their runs are read, and move nothing then', () => {
    const before = frameOf(opened(200, 50));
    const after = frameOf(withCharts(opened(200, 50)));
    expect(before.slice(0, 15)).toEqual(after.slice(0, 15));
    expect(before[15]).toMatch(/^Reading…/);
    expect(before.findIndex((line) => line.startsWith('Latest runs'))).toBe(
      after.findIndex((line) => line.startsWith('Latest runs')),
    );
  });

  it('are those of another job as soon as it is selected', () => {
    const moved = press(withCharts(opened(200, 50)), 'j').state;
    const text = frameOf(moved).join('\n');
    expect(text).toMatch(/^── shop-1 ─+/m);
    expect(text).not.toContain('12 runs');
    expect(asked(moved)).toMatchObject([
      { jobId: 'shop-1', tab: 'log', below: 'once' },
      { jobId: 'shop-1', tab: 'charts', below: 'live' },
    ]);
    expect(withCharts(moved, 'shop-0')).toBe(moved);
  });

  it('stay where they are while a filter is typed', () => {
    const lineOf = (state: State) => frameOf(state).findIndex((line) => line.startsWith('── shop-'));
    const state = withCharts(opened(200, 50));
    const typing = press(state, '/', ...typed('shop-1')).state;
    expect(lineOf(typing)).toBe(lineOf(state));
    expect(frameOf(typing)[12]).toMatch(/^\/shop-1/);
    expect(lineOf(press(typing, 'enter').state)).toBe(lineOf(state));
  });

  it('have no room on 80×24, in a long list, or for a screen reader', () => {
    for (const state of [opened(80, 24), opened(120, 35), opened(200, 50, 40)]) {
      const frame = frameOf(state);
      expectFit(frame, state.columns, state.rows);
      expect(frame.join('\n')).not.toMatch(/Latest runs|^── shop/m);
    }
    expect(asked(opened(80, 24))).toEqual([]);
    expect(asked({ ...opened(200, 50), linear: true })).toEqual([]);
  });

  it('say that the next runs do not start while the scheduler is off', () => {
    const state = opened(200, 50);
    const data = homeOf(jobsOf(10));
    const off = reduce(state, { kind: 'home', data, changed: [], activity: [] }).state;
    expect(frameOf(off).join('\n')).toContain('Next runs  scheduler off');
  });

  it('take no click for a job', () => {
    const click = { kind: 'mouse', button: 'left', action: 'press', column: 5, row: 16 } as const;
    const state = opened(200, 50);
    expect(reduce(state, { ...click } as never).state.jobs.table.index).toBe(state.jobs.table.index);
  });
});
