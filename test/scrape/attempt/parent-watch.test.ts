import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ParentWatch } from '../../../src/scrape/attempt/parent-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('reports a silence once, within its time, and none after a word or its end', () => {
  const watch = new ParentWatch();
  let silences = 0;
  const end = watch.start(60_000, () => {
    silences += 1;
  });
  vi.advanceTimersByTime(50_000);
  watch.heard();
  vi.advanceTimersByTime(44_000);
  expect(silences).toBe(0);
  vi.advanceTimersByTime(16_000);
  expect(silences).toBe(1);
  vi.advanceTimersByTime(600_000);
  expect(silences).toBe(1);
  end();
  watch.start(60_000, () => {
    silences += 1;
  })();
  vi.advanceTimersByTime(600_000);
  expect(silences).toBe(1);
});
