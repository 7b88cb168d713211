import { expect, it } from 'vitest';
import {
  formatClockTime,
  formatCountdown,
  formatItemChange,
  formatRunDuration,
  formatShortCount,
  formatShortDuration,
  formatTimeAgo,
} from '../../../../src/tui/ui/format.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

it.each<[number, string]>([
  [0, '0s'],
  [59_999, '59s'],
  [MINUTE, '1m 00s'],
  [2 * MINUTE + 5 * SECOND, '2m 05s'],
  [10 * MINUTE + 59 * SECOND, '10m'],
  [HOUR, '1h 00m'],
  [23 * HOUR + 59 * MINUTE, '23h 59m'],
  [3 * DAY + 4 * HOUR, '3d 4h'],
  [99 * DAY + 23 * HOUR, '99d 23h'],
  [400 * DAY, '400d'],
])('%d ms is %s, in at most seven cells', (ms, words) => {
  expect(formatShortDuration(ms)).toBe(words);
  expect(words.length).toBeLessThanOrEqual(7);
});

it('counts down to now, and then says since when it is due', () => {
  const words = (left: number) => formatCountdown(left, 0);
  expect([125_000, 400, 0, -SECOND, -12_000].map(words)).toEqual([
    'in 2m 05s',
    'in 1s',
    'now',
    'due 1s ago',
    'due 12s ago',
  ]);
  expect(formatTimeAgo(-90_000, 0)).toBe('1m 30s ago');
  expect(formatTimeAgo(500, 0)).toBe('now');
});

it('says how long a run took', () => {
  expect([240, 4_250, 61_000].map(formatRunDuration)).toEqual(['240ms', '4.2s', '1m 01s']);
});

it('says by how much items have changed, in percent where there are many', () => {
  expect(formatItemChange(12, 100)).toBe('+12');
  expect(formatItemChange(-5, 5)).toBe('-5');
  expect(formatItemChange(0, 5000)).toBe('=');
  expect(formatItemChange(-2000, 5000)).toBe('-40%');
  expect(formatItemChange(1, 5000)).toBe('+1');
});

it('says large counts in at most five cells', () => {
  expect([0, 9_999, 10_000, 12_345, 999_499, 999_500, 3_400_000].map(formatShortCount)).toEqual([
    '0',
    '9,999',
    '10k',
    '12k',
    '999k',
    '1M',
    '3.4M',
  ]);
});

it('formats an instant as the time of today, as day and time, or as a day of another year, in the zone', () => {
  const now = Date.parse('2026-11-25T12:00:00Z');
  const words = (at: string, zone = 'Europe/Berlin') => formatClockTime(Date.parse(at), now, zone);
  expect(words('2026-11-25T20:30:00Z')).toBe('21:30');
  expect(words('2026-11-25T23:30:00Z')).toBe('26 Nov 00:30');
  expect(words('2026-11-25T23:30:00Z', 'UTC')).toBe('23:30');
  expect(words('2026-12-24T17:00:00Z')).toBe('24 Dec 18:00');
  expect(words('2027-09-05T17:00:00Z')).toBe('5 Sep 2027');
});
