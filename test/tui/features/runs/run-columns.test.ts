import { expect, it } from 'vitest';
import { cellsBeforeWhy, runColumns, runHeading } from '../../../../src/tui/features/runs/run-columns.ts';
import { STATUS_DISPLAY } from '../../../../src/tui/home/job-state-display.ts';
import { run } from '../../run-output.ts';

const REASON = 'price is empty in 60 items of 60 (0 % filled, 100 % expected)';
const RUNS = [
  run('9wxzha8b4y', { status: 'failed', error: { kind: 'check_failed', message: REASON }, items: 1_234 }),
  run('nbym2qy2pp', { status: 'timed_out', duration_ms: 45_300_000, trigger: 'catch_up' }),
  run('c4h2k8c2m8', { worker: 'paris-1' }),
];

it('at every width from 80 on, only the reason is cut, and no other column is wider than what it holds', () => {
  for (let columns = 80; columns <= 220; columns += 1) {
    const { id, status, took, items, trigger, hasWhy } = runColumns(RUNS, columns);
    const gap = 2;
    const { icon, word } = STATUS_DISPLAY.timed_out;
    const longest = `${icon} ${word}`;
    expect({ id, status, took, items, trigger, hasWhy }, `at ${columns}`).toEqual({
      id: '9wxzha8b4y'.length + gap,
      status: longest.length + gap,
      took: '12h 35m'.length + gap,
      items: 6,
      trigger: 'catch up'.length + gap,
      hasWhy: true,
    });
    expect(columns - cellsBeforeWhy(runColumns(RUNS, columns)), `at ${columns}`).toBeGreaterThanOrEqual(12);
  }
});

it('times of today alone leave more room for the reasons', () => {
  const { started, ...others } = runColumns(RUNS, 90, '09:00'.length);
  expect(started).toBe('STARTED'.length + 2);
  expect({ ...others, started: '24 Dec 09:00'.length + 2 }).toEqual(runColumns(RUNS, 90));
});

it('a wider screen never shows fewer columns', () => {
  let before = runHeading(runColumns(RUNS, 60));
  for (let columns = 61; columns <= 220; columns += 1) {
    const heading = runHeading(runColumns(RUNS, columns));
    for (const title of before.trim().split(/\s+/)) expect(heading, `at ${columns}`).toContain(title);
    before = heading;
  }
});
