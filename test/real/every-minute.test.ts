import { describe, expect, it } from 'vitest';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { waitFor } from '../wait-for.ts';

const THREE_MINUTES_AND_A_BIT = 230_000;

describe('a job that runs every minute, under the real clock', () => {
  it(
    'fires within a second of its minute three times in a row, and each run leaves its file',
    async () => {
      const site = await gatedSite();
      const home = await scheduledHome(gatedConfig(site.url), {
        schedule: { type: 'custom', cron_expression: '* * * * *', timezone: 'Europe/Berlin' },
      });
      await home.startScheduler();
      await waitFor(
        'three runs',
        () => home.runs().filter(({ status }) => status === 'succeeded').length >= 3,
        THREE_MINUTES_AND_A_BIT,
      );
      const fired = home.runs().slice(-3).reverse();
      for (const { scheduledFor, queuedAt, trigger } of fired) {
        expect((scheduledFor ?? 0) % 60_000).toBe(0);
        expect(queuedAt - (scheduledFor ?? 0)).toBeGreaterThanOrEqual(0);
        expect(queuedAt - (scheduledFor ?? 0)).toBeLessThan(1_000);
        expect(trigger).toBe('schedule');
      }
      const instants = fired.map(({ scheduledFor }) => scheduledFor ?? 0);
      expect(instants).toEqual([instants[0], (instants[0] ?? 0) + 60_000, (instants[0] ?? 0) + 120_000]);
    },
    THREE_MINUTES_AND_A_BIT + 20_000,
  );
});
