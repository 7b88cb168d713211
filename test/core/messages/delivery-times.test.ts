import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQuiet, parseQuietHours } from '../../../src/core/channels/quiet-hours.ts';
import { earliestDelivery, retryDelayMs } from '../../../src/core/messages/delivery-times.ts';
import { wallClock } from '../../../src/core/schedule/engine/instant.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const rule = (quiet: string | null, digest: 'hour' | 'day' | null = null, timezone = 'Europe/Berlin') => ({
  timezone,
  quiet: quiet === null ? null : parseQuietHours(quiet),
  digest,
});
const delivered = (given: ReturnType<typeof rule>, created: string, now = created) =>
  new Date(earliestDelivery(given, at(created), at(now))).toISOString();

describe('a message', () => {
  it('goes at once without quiet hours and digest', () => {
    expect(delivered(rule(null), '2026-11-30T03:00:00Z')).toBe('2026-11-30T03:00:00.000Z');
  });

  it('waits for the end of the quiet hours, also past midnight', () => {
    expect(delivered(rule('22:00-07:00'), '2026-11-30T22:30:00Z')).toBe('2026-12-01T06:00:00.000Z');
    expect(delivered(rule('22:00-07:00'), '2026-11-30T05:59:59Z')).toBe('2026-11-30T06:00:00.000Z');
    expect(delivered(rule('22:00-07:00'), '2026-11-30T06:00:00Z')).toBe('2026-11-30T06:00:00.000Z');
    expect(delivered(rule('12:00-13:00'), '2026-11-30T11:10:00Z')).toBe('2026-11-30T12:00:00.000Z');
  });

  it('waits until the clock shows the end of the quiet hours, on the nights when clocks change', () => {
    expect(delivered(rule('22:00-07:00'), '2026-03-28T22:00:00Z')).toBe('2026-03-29T05:00:00.000Z');
    expect(delivered(rule('22:00-07:00'), '2026-10-24T21:00:00Z')).toBe('2026-10-25T06:00:00.000Z');
  });

  it('of a digest goes at the end of its hour, or at eight in the morning', () => {
    expect(delivered(rule(null, 'hour'), '2026-11-30T10:20:30Z')).toBe('2026-11-30T11:00:00.000Z');
    expect(delivered(rule(null, 'day'), '2026-11-30T10:20:30Z')).toBe('2026-12-01T07:00:00.000Z');
    expect(delivered(rule('22:00-09:30', 'day'), '2026-11-30T10:20:30Z')).toBe('2026-12-01T08:30:00.000Z');
  });

  it('of a digest whose time has passed goes at once', () => {
    expect(delivered(rule(null, 'hour'), '2026-11-30T10:20:30Z', '2026-11-30T12:10:00Z')).toBe(
      '2026-11-30T12:10:00.000Z',
    );
  });
});

it('no message is delivered early, within quiet hours, or more than two days late', () => {
  const minutes = fc.integer({ min: 0, max: 1439 });
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  );
  const hours = fc.tuple(minutes, minutes).filter(([from, to]) => from !== to);
  fc.assert(
    fc.property(
      fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
      fc.integer({ min: 0, max: 48 * HOUR }),
      fc.option(hours),
      fc.constantFrom(null, 'hour', 'day'),
      zones,
      (created, age, quietHours, digest, timezone) => {
        const quiet = quietHours && { from: quietHours[0], to: quietHours[1] };
        const due = earliestDelivery({ timezone, quiet, digest }, created, created + age);
        expect(due).toBeGreaterThanOrEqual(created + age);
        expect(due - (created + age)).toBeLessThanOrEqual(51 * HOUR);
        if (quiet === null) return;
        const { hour, minute } = wallClock(due, timezone);
        // In the hour in which clocks go forward, the end of quiet hours may not exist.
        const skipped = [due - HOUR, due].map((instant) => wallClock(instant, timezone).hour);
        if ((skipped[1] ?? 0) - (skipped[0] ?? 0) === 1 || skipped[0] === 23)
          expect(isQuiet(quiet, hour * 60 + minute)).toBe(false);
      },
    ),
  );
});

describe('attempts', () => {
  it('come less and less often, for a day', () => {
    let since = 0;
    const delays: (number | null)[] = [];
    for (let attempts = 1; ; attempts += 1) {
      const delay = retryDelayMs(attempts, since);
      delays.push(delay);
      if (delay === null) break;
      since += delay;
    }
    expect(delays.slice(0, 7)).toEqual([5_000, 30_000, 120_000, 600_000, 1_800_000, HOUR, HOUR]);
    expect(since).toBeGreaterThan(22 * HOUR);
    expect(since).toBeLessThanOrEqual(24 * HOUR);
  });

  it('wait as long as the receiver asks, six hours at most', () => {
    expect(retryDelayMs(1, 0, 60_000)).toBe(60_000);
    expect(retryDelayMs(1, 0, 2 * HOUR)).toBe(2 * HOUR);
    expect(retryDelayMs(1, 0, 500 * HOUR)).toBe(6 * HOUR);
  });

  it('go on after a step of the clock, which is no day of attempts', () => {
    expect(retryDelayMs(2, 30 * 24 * HOUR)).toBe(30_000);
    expect(retryDelayMs(10, 30 * 24 * HOUR)).toBeNull();
  });
});
