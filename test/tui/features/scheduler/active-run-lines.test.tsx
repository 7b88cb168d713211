import { cleanup } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { activeRunLines } from '../../../../src/tui/features/scheduler/active-run-lines.ts';
import type { ActiveRun } from '../../../../src/tui/home/active-run.ts';
import { expectFit, frameOf, SIZES } from '../../frame-of.tsx';
import { homeOf, jobRow } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const active = (at: number): ActiveRun => ({
  ...{ runId: `20261126-r${at}`, jobId: `job-${at}`, configName: 'shop', status: 'running' },
  ...{ trigger: 'schedule', requestedBy: 'scheduler', attempt: 2, maxAttempts: 4 },
  ...{ queuedAt: 0, startedAt: Date.parse('2026-11-26T09:41:00Z'), notBefore: 0, items: 1234, pages: 1 },
  ...{ bytes: 1, totalPages: null, progress: null, cancelling: false, worker: null },
});

function stateWith(count: number, size: { columns: number; rows: number }) {
  const runs = Array.from({ length: count }, (_, at) => active(at));
  const home = homeOf([jobRow('job-0')], { runs });
  return reduce(someState(size), { kind: 'home', data: home, changed: [], activity: [] }).state;
}

function dialogWith(count: number, size: { columns: number; rows: number }) {
  return frameOf(press(stateWith(count, size), 'D').state);
}

it('the scheduler dialog has a table of the active runs', () => {
  const frame = dialogWith(2, { columns: 100, rows: 30 }).join('\n');
  expect(frame).toMatch(/JOB +RUN +STARTED +ATTEMPT +ITEMS/);
  expect(frame).toMatch(/job-1 +20261126-r1 +09:41 +2 of 4 +1,234/);
});

it('it names the workers on other machines, if runs are there', () => {
  const runs = [{ ...active(0), worker: 'paris-1' }, active(1)];
  const event = { kind: 'home', data: homeOf([], { runs }), changed: [], activity: [] } as const;
  const frame = frameOf(press(reduce(someState(), event).state, 'D').state).join('\n');
  expect(frame).toMatch(/ITEMS +WORKER/);
  expect(frame).toMatch(/job-0 .* 1,234 +paris-1/);
  expect(frame).toMatch(/job-1 .* 1,234 +- +│/);
});

it('it has none while nothing runs', () => {
  expect(dialogWith(0, { columns: 100, rows: 30 }).join('\n')).not.toContain('STARTED');
});

it('without room for a run it has no table, which would hide what stands below', () => {
  const state = stateWith(4, { columns: 100, rows: 10 });
  const counts = [-3, 0, 1, 2, 3, 4, 5].map((room) =>
    activeRunLines(state, 80, room).reduce((sum, { rows = 1 }) => sum + rows, 0),
  );
  expect(counts).toEqual([0, 0, 0, 0, 3, 4, 5]);
});

it.each(SIZES)('on %d×%d it fits, and says how many runs have no room', (columns, rows) => {
  const lines = dialogWith(60, { columns, rows });
  expectFit(lines, columns, rows);
  const shown = lines.filter((line) => /job-\d+ .*09:41/.test(line)).length;
  if (rows >= 24) expect(shown).toBeGreaterThan(0);
  if (shown > 0 && shown < 60) expect(lines.join('\n')).toContain(`… and ${60 - shown} runs more`);
});
