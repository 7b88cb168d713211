import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { Attempt } from '../../../../src/tui/features/runs/model.ts';
import type { AnswerEvent } from '../../../../src/tui/kernel/call.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { expectFit, frameOf, SIZES } from '../../frame-of.tsx';
import { homeOf, jobRow } from '../../job-rows.ts';
import { run } from '../../run-output.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const attempt = (number: number, fields: Partial<Attempt> = {}): Attempt => ({
  ...{ attempt: number, status: 'failed', pid: 7, worker: null, started_at: '2026-11-26T09:00:00.000Z' },
  ...{ finished_at: '2026-11-26T09:00:05.000Z', duration_ms: 5000, items: 1200, pages: 3, bytes: 10 },
  error: { kind: 'no_items', message: 'no items on 3 pages' },
  ...fields,
});

const ATTEMPTS = [attempt(1), attempt(2, { status: 'succeeded', error: null, items: 20 })];

function opened(size: Partial<State> = {}) {
  const state = someState({
    views: [{ name: 'jobs' }, { name: 'runs', jobId: 'shop' }],
    runs: { ...someState().runs, jobId: 'shop' },
    ...size,
  });
  const output = { runs: [run('r1')], total: 1 };
  const listed = reduce(state, { kind: 'answer', name: 'list_runs', tag: 'runs.shop', ok: true, output });
  return press(listed.state, 'a');
}

function answered(state: State, attempts: readonly Attempt[]): State {
  const output = { run: run('r1'), attempts, log_tail: [], sample: [] };
  const answer = { kind: 'answer', name: 'get_run', tag: 'attempts.r1', ok: true, output };
  return reduce(state, answer as unknown as AnswerEvent).state;
}

describe('the attempts of a run', () => {
  it('are read when they are opened, and again when the job has changed', () => {
    const { state, effects } = opened();
    const call = { kind: 'call', name: 'get_run', params: { run_id: 'r1', log_lines: 0, sample_items: 0 } };
    expect(effects).toMatchObject([call]);
    expect(frameOf(state).join('\n')).toContain('Reading the attempts…');
    const home = (changed: string[]) =>
      reduce(state, { kind: 'home', data: homeOf([jobRow('shop')]), changed, activity: [] }).effects;
    expect(home(['shop'])).toContainEqual(expect.objectContaining(call));
    expect(home(['other'])).toEqual([]);
  });

  it('are a table of what became of each', () => {
    const frame = frameOf(answered(opened().state, ATTEMPTS)).join('\n');
    expect(frame).toContain('Attempts of r1');
    expect(frame).toMatch(/TRY +OUTCOME +STARTED +TOOK +ITEMS +PAGES +WHY/);
    expect(frame).toMatch(/1 +✗ failed +09:00 +5\.0s +1,200 +3 +no items found/);
    expect(frame).toMatch(/2 +✓ ok +09:00 +5\.0s +20 +3 +│/);
  });

  it('name the workers on other machines, if there were any', () => {
    const attempts = [attempt(1, { worker: 'paris-1' }), attempt(2, { status: 'succeeded', error: null })];
    const frame = frameOf(answered(opened().state, attempts)).join('\n');
    expect(frame).toMatch(/PAGES +WORKER +WHY/);
    expect(frame).toMatch(/1 +✗ failed +.* paris-1 +no items found/);
    expect(frame).toMatch(/2 +✓ ok +.* 3 +- +│/);
  });

  it('say why they cannot be read', () => {
    const failure = { code: 'run_not_found', message: 'there is no run r1' };
    const answer = { kind: 'answer', name: 'get_run', tag: 'attempts.r1', ok: false, quiet: true, failure };
    const state = reduce(opened().state, answer as unknown as AnswerEvent).state;
    expect(frameOf(state).join('\n')).toContain('there is no run r1');
  });

  it.each(SIZES)('fit on %d×%d, however many there are', (columns, rows) => {
    const many = Array.from({ length: 60 }, (_, at) => attempt(at + 1, { items: 123_456_789 }));
    const state = answered(opened({ columns, rows }).state, many);
    const lines = frameOf(state);
    expectFit(lines, columns, rows);
    expect(lines.join('\n')).toMatch(/1 +✗ failed .*no items f/);
    const scrolled = frameOf(press(state, 'end').state);
    expectFit(scrolled, columns, rows);
    expect(scrolled.join('\n')).toMatch(/60 +✗ failed .*no items f/);
  });

  it('are closed by Esc', () => {
    expect(press(opened().state, 'escape').state.dialog).toBeUndefined();
  });
});
