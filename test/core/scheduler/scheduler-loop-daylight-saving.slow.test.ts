import { describe, expect, it } from 'vitest';
import { clockedHome } from '../../clocked-home.ts';
import { type ScanRule, scan, type Window, windowsOf } from '../schedule/minute-scan.ts';

const MINUTE = 60_000;
const BEFORE = 2 * 60;
const AFTER = 4 * 60;

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/Nuuk',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Antarctica/Troll',
];

/** Changes of the clocks in 2026: the first window of a zone is one without. */
const CHANGES = ZONES.flatMap((zone) =>
  windowsOf(zone)
    .slice(1)
    .map((window) => ({ zone, window, back: (window.walls[window.change] ?? 0) < lastWallBefore(window) })),
);

function lastWallBefore({ walls, change }: Window): number {
  return walls[change - 1] ?? 0;
}

/** A daily time in the middle of what is skipped or comes twice, and rules that follow elapsed time. */
function rules({ walls, change }: Window): Record<string, ScanRule & { cron: string }> {
  const edges = [(walls[change - 1] ?? 0) + MINUTE, walls[change] ?? 0];
  const affected = new Date(Math.min(...edges) + 15 * MINUTE);
  const [hour, minute] = [affected.getUTCHours(), affected.getUTCMinutes()];
  return {
    fixed: {
      cron: `${minute} ${hour} * * *`,
      fixed: true,
      matches: (wall) => wall.getUTCHours() === hour && wall.getUTCMinutes() === minute,
    },
    quarters: { cron: '*/15 * * * *', fixed: false, matches: (wall) => wall.getUTCMinutes() % 15 === 0 },
    hours: { cron: '0 * * * *', fixed: false, matches: (wall) => wall.getUTCMinutes() === 0 },
  };
}

describe('the loop, minute by minute over a change of the clocks', () => {
  it.each(CHANGES)(
    'in $zone (back: $back) starts what the calendar has, once each',
    async ({ zone, window }) => {
      const from = window.start + (window.change - BEFORE) * MINUTE;
      const home = clockedHome(from);
      const all = Object.entries(rules(window));
      for (const [id, { cron }] of all)
        await home.job(id, { type: 'custom', cron_expression: cron, timezone: zone });
      home.begin(20);
      for (let minute = 0; minute < BEFORE + AFTER; minute += 1) home.clock.stall(MINUTE);
      for (const [id, rule] of all) {
        const due = scan(rule, window).filter((at) => at > from && at <= home.clock.now());
        expect(due.length, id).toBeGreaterThan(0);
        expect(home.decided(id), id).toEqual(due);
        const { runs } = home.workspace.runs.list({ jobId: id, limit: 10_000 });
        expect(new Set(runs.map(({ status, trigger }) => `${status} ${trigger}`)), id).toEqual(
          new Set(['succeeded schedule']),
        );
      }
      expect(home.said).toEqual([]);
    },
  );
});
