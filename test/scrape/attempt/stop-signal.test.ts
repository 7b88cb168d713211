import { expect, it, onTestFinished, vi } from 'vitest';
import { createStopSignal, STOP_GRACE_MS } from '../../../src/scrape/attempt/stop-signal.ts';

const DAY_MS = 86_400_000;

function underFakeTime(timeoutMs: number) {
  vi.useFakeTimers();
  const stop = createStopSignal(timeoutMs);
  onTestFinished(() => {
    stop.dispose();
    vi.useRealTimers();
  });
  return stop;
}

it.each([
  ['a second', 1_000],
  ['an hour', 3_600_000],
  ['as long as one timer can wait', 2 ** 31 - 1],
  ['thirty days, which one timer cannot', 30 * DAY_MS],
  ['the longest that a job may say', 31 * DAY_MS],
])('an attempt may take %s, and no millisecond more', (_what, timeoutMs) => {
  const stop = underFakeTime(timeoutMs);
  vi.advanceTimersByTime(timeoutMs - 1);
  expect([stop.reason(), stop.signal.aborted]).toEqual([undefined, false]);
  vi.advanceTimersByTime(1);
  expect([stop.reason(), stop.signal.aborted]).toEqual(['timeout', true]);
});

it('the first reason counts, and work that does not heed it is given up after the grace', async () => {
  const stop = underFakeTime(1_000);
  process.emit('SIGTERM', 'SIGTERM');
  expect(stop.reason()).toBe('terminated');
  await vi.advanceTimersByTimeAsync(STOP_GRACE_MS);
  expect(stop.reason()).toBe('terminated');
  await stop.overdue;
});

it('leaves nothing behind that would wake anybody', () => {
  const stop = underFakeTime(30 * DAY_MS);
  const before = process.listenerCount('SIGTERM');
  stop.dispose();
  expect(vi.getTimerCount()).toBe(0);
  expect(process.listenerCount('SIGTERM')).toBe(before - 1);
});
