import { rmSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { clockedHome, it } from '../../clocked-home.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('the scheduler’s loop', () => {
  it('starts a due occurrence at its instant, and not before', async ({ home }) => {
    await home.job('a', '5 12 * * *');
    home.begin();
    home.clock.stall(5 * 60_000 - 1);
    expect(home.outcomes('a')).toEqual([]);
    home.clock.advance(1);
    expect(home.outcomes('a')).toEqual(['12:05:00 succeeded schedule']);
    expect(home.workspace.runs.list({ jobId: 'a' }).runs[0]).toMatchObject({
      queuedAt: Date.parse('2026-11-25T12:05:00Z'),
      startedAt: Date.parse('2026-11-25T12:05:00Z'),
    });
  });

  it('never sleeps longer than five seconds, and a job of every second gets each of its seconds', async ({
    home,
  }) => {
    await home.job('yearly', '0 0 1 1 *');
    await home.job('secondly', '* * * * * *');
    home.begin();
    home.clock.advance(30_000);
    expect(home.decided('secondly')).toHaveLength(30);
    await home.workspace.jobs.update('secondly', { enabled: false }, { by: 'library' });
    home.clock.advance(60_000);
    expect(home.clock.longestTimer).toBeLessThanOrEqual(5_000);
  });

  it('waits 25 days for an occurrence, which no timer of Node’s could', async ({ home }) => {
    await home.job('a', { type: 'once', date: '2026-12-20', time: '12:00', timezone: 'UTC' });
    home.begin();
    for (let hours = 1; hours < 25 * 24; hours += 1) home.clock.stall(HOUR);
    expect(home.outcomes('a')).toEqual([]);
    home.clock.stall(HOUR - 1_000);
    expect(home.outcomes('a')).toEqual([]);
    home.clock.advance(1_000);
    expect(home.outcomes('a')).toEqual(['12:00:00 succeeded schedule']);
    expect(home.clock.longestTimer).toBeLessThanOrEqual(5_000);
    expect(home.said).toEqual([]);
  });

  it('starts more due jobs than it decides in one transaction, all at their instant', async ({ home }) => {
    const ids = Array.from({ length: 210 }, (_, index) => `job-${index}`);
    home.jobFiles(ids, '1 12 * * *');
    home.begin(250);
    home.clock.stall(59_999);
    home.clock.advance(1);
    expect(ids.flatMap((id) => home.outcomes(id))).toEqual(ids.map(() => '12:01:00 succeeded schedule'));
  });

  it('decides the rest a second later when the database fails in the middle of many due jobs', async ({
    home,
  }) => {
    const ids = Array.from({ length: 210 }, (_, index) => `job-${index}`);
    home.jobFiles(ids, '1 12 * * *');
    home.begin(250);
    const { db } = home.workspace;
    db.run(`CREATE TRIGGER full BEFORE INSERT ON runs WHEN (SELECT count(*) FROM runs) = 205
      BEGIN SELECT RAISE(ABORT, 'no room'); END`);
    home.clock.stall(60_000);
    // The second batch of two hundred was taken back as a whole.
    expect(ids.flatMap((id) => home.decided(id))).toHaveLength(200);
    db.run('DROP TRIGGER full');
    home.clock.advance(1_000);
    expect(ids.flatMap((id) => home.outcomes(id))).toEqual(ids.map(() => '12:01:00 succeeded schedule'));
    expect(new Set(home.said).size).toBe(1);
  });

  it('starts a retry at its instant, not a tick later', async ({ home }) => {
    home.executor.runDurationMs = undefined;
    await home.job('a', '1 12 * * *', { max_retries: 1, retry_delay: 7 });
    home.begin();
    home.clock.advance(61_000);
    const run = home.workspace.runs.list().runs[0];
    home.executor.end(run?.runId ?? '', 'failed');
    const due = home.workspace.runs.get(run?.runId ?? '')?.notBefore ?? 0;
    expect(due - home.clock.now()).toBeGreaterThanOrEqual(6_000);
    home.clock.advance(due - home.clock.now() - 1);
    expect(home.workspace.runs.get(run?.runId ?? '')?.status).toBe('waiting_retry');
    home.clock.advance(1);
    expect(home.workspace.runs.get(run?.runId ?? '')).toMatchObject({ status: 'running', attempt: 2 });
  });

  it('registers in a new database until that succeeds', ({ home }) => {
    let tried = 0;
    home.onDatabaseReplaced = () => {
      tried += 1;
      if (tried === 1) throw new Error('somebody holds the new database');
    };
    home.begin();
    for (const ending of ['', '-wal', '-shm']) rmSync(home.workspace.db.file + ending, { force: true });
    home.clock.advance(10_000);
    expect(tried).toBe(2);
    expect(home.said.filter((message) => /somebody holds/.test(message))).toHaveLength(1);
  });

  it('decides an occurrence once, whichever scheduler comes after one that was killed', async ({ home }) => {
    await home.job('a', '*/10 * * * *');
    home.begin();
    home.clock.stall(10 * 60_000);
    home.crash();
    home.begin();
    home.clock.stall(9 * 60_000);
    home.crash();
    home.clock.stall(25 * 60_000);
    home.begin();
    home.clock.advance(1_000);
    expect(home.outcomes('a')).toEqual([
      '12:10:00 succeeded schedule',
      '12:20:00 missed schedule',
      '12:30:00 missed schedule',
      '12:40:00 succeeded catch_up',
    ]);
  });

  it.each([
    ['2038-01-18T12:00:00Z', '2038-01-19T03:14:08Z', '8 14 3 * * *'],
    ['2099-12-31T00:00:00Z', '2100-01-01T00:00:00Z', '0 0 1 1 *'],
    ['2261-01-01T00:00:00Z', '2262-01-01T12:00:00Z', '0 12 1 1 *'],
  ])('runs beyond what 32 bits can count: %s to %s', async (from, due, cron) => {
    const home = clockedHome(from);
    await home.job('a', cron);
    home.begin();
    home.clock.suspend(Date.parse(due) - Date.parse(from) - 60_000);
    home.clock.stall(60_000);
    home.clock.advance(1_000);
    expect(home.decided('a').at(-1)).toBe(Date.parse(due));
    expect(home.outcomes('a').at(-1)).toMatch(/ succeeded schedule$/);
    home.clock.suspend(DAY - 61_000);
    home.clock.stall(HOUR);
    expect(new Set(home.decided('a')).size).toBe(home.decided('a').length);
  });
});
