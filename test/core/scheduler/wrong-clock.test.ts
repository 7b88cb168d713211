import { describe, expect, it } from 'vitest';
import { clockedHome } from '../../clocked-home.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a clock that was ahead', () => {
  it.each([
    ['some hours', 5 * HOUR],
    ['two days', 2 * DAY],
    ['a year', 365 * DAY],
  ])('by %s and is corrected repeats nothing; jobs go on', async (_words, ahead) => {
    const home = clockedHome('2026-11-25T12:00:30Z');
    await home.job('a', '0 * * * *');
    home.begin();
    home.clock.step(ahead);
    home.clock.stall(HOUR);
    home.clock.step(-ahead);
    home.clock.advance(5_000);
    for (let hour = 0; hour < 30; hour += 1) home.clock.stall(HOUR);
    const decided = home.decided('a');
    expect(new Set(decided).size).toBe(decided.length);
    // From the hour that the clock had reached, at the latest a day on, each has its run again.
    const first = Date.parse('2026-11-25T20:00:00Z');
    const due = Array.from({ length: 20 }, (_, index) => first + index * HOUR).filter(
      (at) => at <= home.clock.now(),
    );
    expect(due.length).toBeGreaterThan(15);
    expect(decided).toEqual(expect.arrayContaining(due));
    expect(home.said.some((line) => /clock (that )?was/.test(line))).toBe(true);
  });

  it('when a job was made does not keep that job from running, or from catching up', async () => {
    const home = clockedHome('2027-11-25T12:00:00Z');
    await home.job('a', '*/10 * * * *');
    home.clock.set('2026-11-25T12:00:00Z');
    home.begin();
    home.clock.stall(10 * MINUTE);
    home.clock.suspend(20 * MINUTE + 30_000);
    home.clock.advance(5_000);
    expect(home.outcomes('a')).toEqual([
      '12:10:00 succeeded schedule',
      '12:20:00 missed schedule',
      '12:30:00 succeeded catch_up',
    ]);
  });
});

describe('a clock that is behind', () => {
  it('in 1970 keeps all jobs from being due until it is set, and nothing is forgotten or repeated', async () => {
    const home = clockedHome('2026-11-25T12:00:30Z');
    await home.job('a', '0 * * * *');
    home.begin();
    home.clock.stall(HOUR - 30_000);
    home.crash();
    home.clock.set(5_000);
    const loop = home.begin();
    loop.jobsChanged(['a']);
    for (let hour = 0; hour < 5; hour += 1) home.clock.stall(HOUR);
    expect(home.decided('a')).toHaveLength(1);
    expect(home.said).toContain(
      'the clock shows 1970-01-01T00:00:05.000Z, which cannot be right: no job runs until the clock is set',
    );
    expect(home.watermark('a')).toBe(Date.parse('2026-11-25T13:00:00Z'));
    home.clock.set('2026-11-25T15:30:00Z');
    home.clock.advance(5_000);
    expect(home.outcomes('a')).toEqual([
      '13:00:00 succeeded schedule',
      '14:00:00 missed schedule',
      '15:00:00 succeeded catch_up',
    ]);
  });

  it('in 1970 when a job was made does not make that job miss half a century', async () => {
    const home = clockedHome(5_000);
    await home.job('a', '0 * * * *');
    home.begin();
    home.clock.advance(MINUTE);
    home.clock.set('2026-11-25T15:30:00Z');
    home.clock.advance(5_000);
    expect(home.outcomes('a')).toEqual([]);
    home.clock.stall(30 * MINUTE);
    expect(home.outcomes('a')).toEqual(['16:00:00 succeeded schedule']);
  });

  it('more than a day off repeats nothing when it is set, whatever was pruned', async () => {
    const home = clockedHome('2026-11-25T12:00:30Z');
    await home.job('a', '0 * * * *');
    home.begin();
    home.clock.stall(HOUR - 30_000);
    home.crash();
    // The history of a job that keeps few runs is soon gone.
    home.workspace.db.run('DELETE FROM runs');
    home.clock.set('2025-01-01T00:00:30Z');
    home.begin();
    home.clock.stall(HOUR - 30_000);
    expect(home.outcomes('a')).toEqual(['01:00:00 succeeded schedule']);
    home.clock.set('2026-11-25T13:20:00Z');
    home.clock.advance(5_000);
    expect(home.decided('a')).toEqual([Date.parse('2025-01-01T01:00:00Z')]);
    home.clock.stall(40 * MINUTE);
    expect(home.outcomes('a').at(-1)).toBe('14:00:00 succeeded schedule');
  });
});
