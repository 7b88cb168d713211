import { describe, expect, it } from 'vitest';
import { clockedHome } from '../../clocked-home.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = '2026-11-25T12:00:00Z';

async function everyTenMinutes(fields: Record<string, unknown> = {}) {
  const home = clockedHome(NOON);
  await home.job('a', '*/10 * * * *', fields);
  home.begin();
  home.clock.stall(MINUTE);
  return home;
}

describe('a machine that sleeps over occurrences', () => {
  it('catches up with one run, and says of the others why they did not run', async () => {
    const home = await everyTenMinutes();
    home.clock.suspend(34 * MINUTE);
    home.clock.advance(5_000);
    expect(home.outcomes('a')).toEqual([
      '12:10:00 missed schedule',
      '12:20:00 missed schedule',
      '12:30:00 succeeded catch_up',
    ]);
    const missed = home.workspace.runs.list({ jobId: 'a', status: 'missed' }).runs;
    expect(missed.every(({ reason }) => reason !== null && reason !== '')).toBe(true);
    expect(home.said[0]).toMatch(/^the clock jumped by 2040 s/);
  });

  it('is noticed within five seconds, whatever the timer’s delay', async () => {
    const home = await everyTenMinutes();
    home.clock.suspend(9 * MINUTE);
    const woken = home.clock.now();
    home.clock.advance(5_000);
    expect(home.outcomes('a')).toEqual(['12:10:00 succeeded schedule']);
    const [run] = home.workspace.runs.list({ jobId: 'a' }).runs;
    expect((run?.queuedAt ?? 0) - woken).toBeLessThanOrEqual(5_000);
  });

  it('moves the time limits of running runs before they are checked', async () => {
    const home = await everyTenMinutes();
    home.executor.runDurationMs = undefined;
    home.executor.timeoutMs = 30 * MINUTE;
    home.clock.stall(9 * MINUTE);
    const deadline = () => home.workspace.runs.active()[0]?.deadline ?? 0;
    const before = deadline();
    expect(before - home.clock.now()).toBe(30 * MINUTE);
    home.clock.suspend(8 * HOUR);
    home.clock.advance(5_000);
    expect(deadline()).toBe(before + 8 * HOUR);
    home.clock.step(-7 * HOUR);
    home.clock.advance(5_000);
    expect(deadline()).toBe(before + HOUR);
    expect(home.executor.overdue).toEqual([]);
  });

  it('has its time limits moved later when the database was locked at first', async () => {
    const home = await everyTenMinutes();
    home.executor.runDurationMs = undefined;
    home.clock.stall(9 * MINUTE);
    const before = home.workspace.runs.active()[0]?.deadline ?? 0;
    home.workspace.db.run(
      `CREATE TRIGGER locked BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'locked'); END`,
    );
    home.clock.suspend(HOUR);
    home.clock.advance(2_000);
    home.workspace.db.run('DROP TRIGGER locked');
    home.clock.advance(2_000);
    expect(home.workspace.runs.active()[0]?.deadline).toBe(before + HOUR);
  });

  it('makes a retry that came due meanwhile at once', async () => {
    const home = await everyTenMinutes({ max_retries: 1, retry_delay: 600 });
    home.executor.runDurationMs = undefined;
    home.clock.stall(9 * MINUTE);
    const [run] = home.workspace.runs.active();
    home.executor.end(run?.runId ?? '', 'failed');
    home.clock.suspend(HOUR);
    home.clock.advance(5_000);
    expect(home.workspace.runs.get(run?.runId ?? '')?.attempt).toBe(2);
  });
});

describe('a clock that is set', () => {
  it.each([6_000, -6_000])('by %i ms repeats and loses nothing', async (step) => {
    const home = await everyTenMinutes();
    for (let second = 0; second < 40 * 60; second += 2) {
      // Just before and just after occurrences, and elsewhere.
      if (second % 127 === 0) home.clock.step(step);
      if (second % 600 === 538) home.clock.step(-2 * step);
      home.clock.stall(2_000);
    }
    const now = home.clock.now();
    const due = Array.from({ length: 7 }, (_, index) => Date.parse(NOON) + (index + 1) * 10 * MINUTE);
    expect(home.decided('a')).toEqual(due.filter((at) => at <= now));
    expect(home.outcomes('a').every((line) => line.endsWith('succeeded schedule'))).toBe(true);
  });

  it('in small steps moves time limits as well', async () => {
    const home = await everyTenMinutes();
    home.executor.runDurationMs = undefined;
    home.clock.stall(9 * MINUTE);
    const before = home.workspace.runs.active()[0]?.deadline ?? 0;
    for (let step = 0; step < 10; step += 1) {
      home.clock.step(1_500);
      home.clock.advance(1_000);
    }
    expect(home.workspace.runs.active()[0]?.deadline).toBe(before + 15_000);
  });

  it('back an hour repeats nothing, and goes on after the newest occurrence', async () => {
    const home = await everyTenMinutes();
    home.clock.stall(29 * MINUTE);
    home.clock.advance(1_000);
    const before = home.outcomes('a');
    expect(before).toHaveLength(3);
    home.clock.step(-HOUR);
    for (let minute = 0; minute < 60; minute += 1) home.clock.stall(MINUTE);
    expect(home.outcomes('a')).toEqual(before);
    expect(home.said).toContain(
      '1 jobs have occurrences that were decided while the clock was ahead; they are not repeated: the next ones come after 2026-11-25T12:30:00.000Z',
    );
    home.clock.stall(10 * MINUTE);
    expect(home.outcomes('a').slice(3)).toEqual(['12:40:00 succeeded schedule']);
  });

  it('back does not hold up what waits in the queue or for a retry', async () => {
    const home = await everyTenMinutes({ max_retries: 1, retry_delay: 300 });
    home.executor.runDurationMs = undefined;
    await home.job('b', '*/10 * * * *', { stagger: 60 });
    home.crash();
    home.begin();
    home.clock.stall(9 * MINUTE);
    const retried = home.workspace.runs.active().find(({ jobId }) => jobId === 'a');
    home.executor.end(retried?.runId ?? '', 'failed');
    home.clock.step(-HOUR);
    home.clock.advance(MINUTE);
    expect(home.workspace.runs.active().find(({ jobId }) => jobId === 'b')?.status).toBe('running');
    home.clock.stall(6 * MINUTE);
    expect(home.workspace.runs.get(retried?.runId ?? '')?.attempt).toBe(2);
  });

  it('back while no scheduler ran does not hold up what waits either', async () => {
    const home = await everyTenMinutes({ max_retries: 1, retry_delay: 300 });
    home.executor.runDurationMs = undefined;
    home.clock.step(365 * 24 * HOUR);
    home.clock.advance(5_000);
    const [run] = home.workspace.runs.active();
    home.executor.end(run?.runId ?? '', 'failed');
    home.crash();
    home.clock.set('2026-11-25T12:05:00Z');
    home.begin();
    home.clock.advance(1_000);
    expect(home.workspace.runs.get(run?.runId ?? '')?.attempt).toBe(2);
  });
});
