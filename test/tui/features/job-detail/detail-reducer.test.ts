import { describe, expect, it } from 'vitest';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import type { JobDetailData } from '../../../../src/tui/features/job-detail/model.ts';
import { currentDetail } from '../../../../src/tui/features/job-detail/reducer.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import type { State, SubscriptionOf } from '../../../../src/tui/kernel/model.ts';
import { homeOf, jobRow, NOW, pastRun, settingsOf } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

function stateWith(rows: readonly JobRow[], fields: Partial<State> = {}): State {
  const state = someState({ columns: 170, rows: 24, ...fields });
  return reduce(state, { kind: 'home', data: homeOf(rows), changed: [], activity: [] }).state;
}

function asked(state: State): SubscriptionOf<'job_detail'> | undefined {
  return subscriptionsOf(state).find((watch) => watch.kind === 'job_detail');
}

const TOLD: JobDetailData = {
  job: { explanation: Array.from({ length: 60 }, (_, at) => `Reason ${at}.`), recent_runs: [], job: {} },
  preview: { description: '', timezone: 'UTC', next_runs: [], notes: [], warnings: [] },
} as unknown as JobDetailData;

function toldOf(jobId: string) {
  return { kind: 'job_detail', jobId, data: TOLD } as const;
}

describe('the detail of the selected job', () => {
  it('is asked for where it is shown, and of the job under the cursor alone', () => {
    const state = stateWith([jobRow('a'), jobRow('b')]);
    expect(asked(state)).toMatchObject({ jobId: 'a' });
    expect(asked(press(state, 'j').state)).toMatchObject({ jobId: 'b' });
    expect(asked(press(state, 'T').state)).toBeUndefined();
    const narrow = stateWith([jobRow('a')], { columns: 60, rows: 20 });
    expect(asked(narrow)).toBeUndefined();
    expect(asked(press(narrow, 'tab').state)).toMatchObject({ jobId: 'a' });
  });

  it('is asked for anew when the explanation may be another one, not when a run only goes on', () => {
    const run = {
      ...({ runId: 'r', jobId: 'a', configName: 'shop', status: 'running', trigger: 'manual' } as const),
      ...{ requestedBy: 'tui', attempt: 1, maxAttempts: 1, queuedAt: NOW, startedAt: NOW, notBefore: 0 },
      ...{ items: 0, pages: 0, bytes: 0, totalPages: 9, progress: 0, cancelling: false, worker: null },
    };
    const began = asked(stateWith([jobRow('a', { state: 'running', active: [run] })]));
    const later = { ...run, items: 20, pages: 1, progress: 1 / 9 };
    expect(asked(stateWith([jobRow('a', { state: 'running', active: [later] })]))).toEqual(began);
    expect(asked(stateWith([jobRow('a', { revision: 2 })]))).not.toEqual(asked(stateWith([jobRow('a')])));
    expect(asked(stateWith([jobRow('a', { last: pastRun() })]))).not.toEqual(asked(stateWith([jobRow('a')])));
    // Its configuration is gone, or there again.
    const without = asked(stateWith([jobRow('a', { hosts: [] })]));
    expect(asked(stateWith([jobRow('a', { hosts: ['shop.example'] })]))).not.toEqual(without);
    // It may wait for another limit.
    const limits = { settings: settingsOf({ max_runs_per_host: 9 }) };
    const home = { kind: 'home', data: homeOf([jobRow('a')], limits), changed: [], activity: [] } as const;
    expect(asked(reduce(stateWith([jobRow('a')]), home).state)).not.toEqual(asked(stateWith([jobRow('a')])));
  });

  it('takes no answer that comes when the cursor has gone on', () => {
    const state = press(stateWith([jobRow('a'), jobRow('b')]), 'j').state;
    expect(reduce(state, toldOf('a')).state).toBe(state);
    const { state: told } = reduce(state, toldOf('b'));
    expect(currentDetail(told, 'b').data).toBe(TOLD);
    expect(currentDetail(press(told, 'k').state, 'a').data).toBeNull();
  });

  it('scrolls while it has the keys, no further than there is something, and begins anew with another job', () => {
    const { state } = reduce(stateWith([jobRow('a'), jobRow('b')]), toldOf('a'));
    const top = (after: State) => currentDetail(after, 'a').top;
    expect(top(press(state, 'tab', 'j', 'j', 'k').state)).toBe(1);
    const end = press(state, 'tab', 'G').state;
    expect(top(end)).toBeGreaterThan(20);
    expect(top(press(end, 'j', 'pagedown').state)).toBe(top(end));
    expect(top(press(end, 'g', 'g').state)).toBe(0);
    const other = press(end, 'right').state;
    expect(other.jobs.table.selected).toBe('b');
    expect(other.pane).toBe('side');
    expect(currentDetail(other, 'b').top).toBe(0);
  });

  it('scrolls with the wheel over it, and takes the keys with a click', () => {
    const { state } = reduce(stateWith([jobRow('a')]), toldOf('a'));
    const held = { shift: false, alt: false, ctrl: false };
    const mouse = { kind: 'mouse', column: 120, row: 5, ...held } as const;
    const scrolled = reduce(state, { ...mouse, what: 'wheel_down', button: 'none' }).state;
    expect(currentDetail(scrolled, 'a').top).toBe(3);
    expect(reduce(state, { ...mouse, what: 'press', button: 'left' }).state.pane).toBe('side');
  });
});
