import { expect, it } from 'vitest';
import { RecentTimes } from '../../../src/core/lib/recent-times.ts';

it('forgets what is too old, and does not grow with it', () => {
  const times = new RecentTimes(100);
  times.set('a', 0);
  times.set('b', 50);
  expect([times.get('a', 100), times.get('a', 101), times.get('b', 101)]).toEqual([0, undefined, 50]);
  for (let at = 1_000; at < 11_000; at += 10) times.set(`run ${at}`, at);
  expect(times.size).toBe(11);
});

it('counts the last time of a key', () => {
  const times = new RecentTimes(100);
  times.set('a', 0);
  times.set('b', 10);
  times.set('a', 90);
  times.set('c', 120);
  expect([times.get('a', 120), times.get('b', 120), times.size]).toEqual([90, undefined, 2]);
  times.delete('a');
  expect(times.get('a', 120)).toBeUndefined();
});
