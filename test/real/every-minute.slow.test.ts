import { describe, expect } from 'vitest';
import { it } from '../extend.ts';
import { waitFor } from '../wait-for.ts';

describe('a job that runs every minute, under the real clock', () => {
  it('fires at its minute three times in a row, never before it', async ({ homeWithJob }) => {
    const home = await homeWithJob({
      schedule: { type: 'custom', cron_expression: '* * * * *', timezone: 'Europe/Berlin' },
    });
    await home.startScheduler();
    for (const count of [1, 2, 3])
      await waitFor(
        `run ${count}`,
        () => home.runs().filter(({ status }) => status === 'succeeded').length >= count,
      );
    const fired = home.runs().slice(-3).reverse();
    for (const { scheduledFor, queuedAt, trigger } of fired) {
      expect((scheduledFor ?? 0) % 60_000).toBe(0);
      expect(queuedAt - (scheduledFor ?? 0)).toBeGreaterThanOrEqual(0);
      expect(trigger).toBe('schedule');
    }
    const instants = fired.map(({ scheduledFor }) => scheduledFor ?? 0);
    expect(instants).toEqual([instants[0], (instants[0] ?? 0) + 60_000, (instants[0] ?? 0) + 120_000]);
  });
});
