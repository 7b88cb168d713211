import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clockedHome } from '../../clocked-home.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function setting(fields: Record<string, unknown> = {}) {
  const home = clockedHome('2026-11-25T11:59:00Z');
  await home.job('a', '*/10 * * * *', { catch_up: 'all', ...fields });
  const file = join(home.workspace.paths.jobs, 'a.json');
  const text = readFileSync(file, 'utf8');
  const reasons = () => home.workspace.runs.list({ jobId: 'a' }).runs.map(({ reason }) => reason);
  return {
    home,
    reasons,
    takeAway: () => rmSync(file),
    bringBack: (changed = text) => writeFileSync(file, changed),
    text,
  };
}

describe('a job whose file was away', () => {
  it('counts from its return under any catch_up, and one row records the rest', async () => {
    const { home, reasons, takeAway, bringBack } = await setting();
    const loop = home.begin();
    home.clock.advance(2 * MINUTE);
    takeAway();
    loop.jobsChanged(['a']);
    home.clock.advance(HOUR);
    bringBack();
    loop.jobsChanged(['a']);
    home.clock.advance(10 * MINUTE);
    expect(home.outcomes('a')).toEqual([
      '12:00:00 succeeded schedule',
      '12:10:00 missed schedule',
      '13:10:00 succeeded schedule',
    ]);
    expect(reasons()).toContain(
      'represents 6 occurrences from 2026-11-25T12:10:00.000+00:00 to 2026-11-25T13:00:00.000+00:00: the job file was missing from 2026-11-25T12:01:00.000+00:00 to 2026-11-25T13:01:00.000+00:00; occurrences from before its return are not caught up',
    );
    expect(home.workspace.db.all('SELECT * FROM missing_job_files')).toEqual([]);
  });

  it('does so also when the scheduler was killed in between, and when another one notices its return', async () => {
    const { home, takeAway, bringBack } = await setting();
    const loop = home.begin();
    home.clock.advance(2 * MINUTE);
    takeAway();
    loop.jobsChanged(['a']);
    home.clock.advance(HOUR / 2);
    home.crash();
    home.clock.advance(HOUR / 2);
    bringBack();
    home.begin();
    home.clock.advance(10 * MINUTE);
    expect(home.outcomes('a')).toEqual([
      '12:00:00 succeeded schedule',
      '12:10:00 missed schedule',
      '13:10:00 succeeded schedule',
    ]);
  });

  it('does so when a scheduler finds it away as it starts', async () => {
    const { home, takeAway, bringBack } = await setting();
    takeAway();
    const loop = home.begin();
    home.clock.advance(HOUR);
    bringBack();
    loop.jobsChanged(['a']);
    home.clock.advance(11 * MINUTE);
    expect(home.outcomes('a')).toEqual([
      '12:00:00 missed schedule',
      '13:00:00 succeeded schedule',
      '13:10:00 succeeded schedule',
    ]);
  });

  it.each([
    ['disabled', { enabled: false }],
    [
      'back with another schedule',
      { schedule: { type: 'custom', cron_expression: '5 * * * *', timezone: 'UTC' } },
    ],
  ])('has no such row when it is %s', async (_what, change) => {
    const { home, takeAway, bringBack, text } = await setting();
    const loop = home.begin();
    home.clock.advance(2 * MINUTE);
    takeAway();
    loop.jobsChanged(['a']);
    home.clock.advance(HOUR);
    bringBack(JSON.stringify({ ...JSON.parse(text), ...change }));
    loop.jobsChanged(['a']);
    expect(home.outcomes('a')).toEqual(['12:00:00 succeeded schedule']);
  });

  it('has none when nothing came due meanwhile, and goes on as before', async () => {
    const { home, takeAway, bringBack } = await setting();
    const loop = home.begin();
    home.clock.advance(2 * MINUTE);
    takeAway();
    loop.jobsChanged(['a']);
    home.clock.advance(5 * MINUTE);
    bringBack();
    loop.jobsChanged(['a']);
    home.clock.advance(4 * MINUTE);
    expect(home.outcomes('a')).toEqual(['12:00:00 succeeded schedule', '12:10:00 succeeded schedule']);
  });

  it('is not taken for away when it was deleted, nor its successor of the same id', async () => {
    const { home } = await setting();
    const loop = home.begin();
    home.clock.advance(2 * MINUTE);
    await home.workspace.jobs.delete('a', { by: 'cli' });
    loop.jobsChanged(['a']);
    expect(home.workspace.db.all('SELECT * FROM missing_job_files')).toEqual([]);
    home.clock.advance(HOUR);
    await home.job('a', '*/10 * * * *');
    loop.jobsChanged(['a']);
    home.clock.advance(10 * MINUTE);
    expect(home.outcomes('a')).toEqual(['12:00:00 succeeded schedule', '13:10:00 succeeded schedule']);
  });
});
