import { describe, expect, vi } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { type ClockedHome, clockedHome, it } from '../../clocked-home.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = '2026-11-25T12:00:00Z';

function runs(home: ClockedHome, jobId = 'a') {
  return home.workspace.runs
    .list({ jobId, limit: 1_000 })
    .runs.sort((one, other) => (one.scheduledFor ?? 0) - (other.scheduledFor ?? 0));
}

/** Goes on to an instant: the last second tick by tick, what lies before it in one go, since nothing is due in it. */
function pass(home: ClockedHome, ms: number): void {
  home.clock.stall(ms - SECOND);
  home.clock.advance(SECOND);
}

function reasons(home: ClockedHome): (string | null)[] {
  return runs(home).map(({ reason }) => reason);
}

describe('why an occurrence was not run in time', () => {
  it('is that the scheduler was stopped, from the instant of the stop to the next start', async ({
    home,
  }) => {
    await home.job('a', '0 * * * *');
    const loop = home.begin();
    pass(home, 3 * MINUTE + 7 * SECOND);
    await loop.stop(() => false);
    home.clock.stall(2 * HOUR);
    home.begin();
    home.clock.advance(SECOND);
    const off = 'the scheduler was off from 2026-11-25T12:03:07.000+00:00 to 2026-11-25T14:03:07.000+00:00';
    expect(reasons(home)).toEqual([
      `${off}; a later occurrence took its place (catch_up: latest)`,
      `for 2026-11-25T14:00:00.000+00:00: ${off}; caught up (catch_up: latest)`,
    ]);
    expect(runs(home).map(({ status }) => status)).toEqual(['missed', 'succeeded']);
  });

  it('is that a killed scheduler was off, at most half a minute too early', async ({ home }) => {
    await home.job('a', '0 * * * *', { catch_up: 'none' });
    home.begin();
    // Every 20 seconds it notes that it is there.
    home.clock.advance(70 * SECOND);
    home.crash();
    home.clock.stall(HOUR);
    home.begin();
    home.clock.advance(SECOND);
    const from =
      /^the scheduler was off from (\S+) to (\S+); missed occurrences are not run \(catch_up: none\)$/.exec(
        reasons(home)[0] ?? '',
      );
    const killed = Date.parse('2026-11-25T12:01:10Z');
    expect(Date.parse(from?.[1] ?? '')).toBeGreaterThan(killed - 30 * SECOND);
    expect(Date.parse(from?.[1] ?? '')).toBeLessThanOrEqual(killed);
    expect(from?.[2]).toBe('2026-11-25T13:01:10.000+00:00');
  });

  it('is that the machine slept, in the time zone of the job', async ({ home }) => {
    const schedule = { type: 'hourly', minute: 0, timezone: 'Asia/Kolkata' };
    await home.job('a', schedule, { misfire_grace_time: 60 });
    home.begin();
    home.clock.advance(MINUTE);
    home.clock.suspend(HOUR);
    home.clock.advance(10 * SECOND);
    expect(reasons(home)[0]).toMatch(
      /^the machine slept or its clock was set forward: from 2026-11-25T17:31:00.\d+\+05:30 to 2026-11-25T18:31:00.\d+\+05:30; older than misfire_grace_time allows \(60 s\)$/,
    );
  });

  it('is that its database could not be written, from the first due occurrence until it could', async ({
    home,
  }) => {
    await home.job('a', '* * * * *', { catch_up: 'none' });
    home.begin();
    home.clock.advance(30 * SECOND);
    const locked = vi.spyOn(home.workspace.db, 'transaction').mockImplementation(() => {
      throw new QuickscrapeError('store_unavailable', 'database is locked');
    });
    home.clock.advance(2 * MINUTE);
    locked.mockRestore();
    home.clock.advance(2 * SECOND);
    expect(home.said.some((line) => line.includes('database is locked'))).toBe(true);
    expect(reasons(home)[0]).toMatch(
      /^the scheduler could not use its database or files from 2026-11-25T12:01:00.000\+00:00 to 2026-11-25T12:02:3\d.\d+\+00:00 \(see its log\); missed/,
    );
    expect(runs(home).map(({ status }) => status)).toEqual(['missed', 'missed']);
    home.clock.advance(MINUTE);
    expect(runs(home).map(({ status }) => status)).toEqual(['missed', 'missed', 'succeeded']);
  });

  it('is that the scheduler was busy when it was there all the time', async ({ home }) => {
    await home.job('a', '1 12 * * *');
    home.begin();
    // Both clocks go on and no timer fires: the event loop is held up.
    home.clock.stall(MINUTE + 15 * SECOND);
    home.clock.advance(SECOND);
    expect(reasons(home)[0]).toMatch(/^for 2026-11-25T12:01:00.000\+00:00: the scheduler was too busy/);
  });

  it('is recorded once for all occurrences beyond the limit, and none is lost silently', async ({ home }) => {
    await home.job('a', '* * * * *');
    const loop = home.begin();
    await loop.stop(() => false);
    home.clock.stall(5 * HOUR);
    home.begin();
    home.clock.advance(SECOND);
    const [oldest, ...others] = runs(home);
    expect(oldest).toMatchObject({ status: 'missed', scheduledFor: Date.parse('2026-11-25T12:01:00Z') });
    expect(oldest?.reason).toMatch(
      /^represents 200 occurrences from 2026-11-25T12:01:00.000\+00:00 to 2026-11-25T15:20:00.000\+00:00: the scheduler was off /,
    );
    expect(others).toHaveLength(100);
    expect(others[0]?.scheduledFor).toBe(Date.parse('2026-11-25T15:21:00Z'));
    expect(home.said.join()).toContain('job a: represents 200 occurrences');
  });
});

describe('the first scheduler of a home', () => {
  it('explains why earlier occurrences were not run, without an error', async ({ home }) => {
    await home.job('a', '0 * * * *', { catch_up: 'none' });
    home.clock.stall(90 * MINUTE);
    home.begin();
    home.clock.advance(SECOND);
    expect(reasons(home)).toEqual([
      'no scheduler had run on this home before 2026-11-25T13:30:00.000+00:00; missed occurrences are not run (catch_up: none)',
    ]);
  });

  it('takes a clock that was in 1970 for none: the scheduler was off until it was set', async ({ home }) => {
    await home.job('a', '0 * * * *');
    const loop = home.begin();
    home.clock.advance(MINUTE);
    await loop.stop(() => false);
    home.clock.step(-56 * 365 * DAY);
    home.begin();
    home.clock.advance(MINUTE);
    home.clock.step(56 * 365 * DAY + 2 * HOUR);
    home.clock.advance(10 * SECOND);
    expect(reasons(home).at(-1)).toContain('the scheduler was off from 2026-11-25T12:01:00.000+00:00 to ');
  });
});

describe('overlapping occurrences', () => {
  it('under cancel_running make all earlier runs give way, also those that wait', async ({ home }) => {
    home.executor.runDurationMs = undefined;
    await home.job('a', '* * * * *', { overlap: 'cancel_running', jitter: 0 });
    await home.job('b', '0 0 1 1 *', { priority: 9 });
    home.begin(1);
    home.clock.advance(MINUTE);
    // The second one waits for a slot that its own predecessor holds, until that is gone.
    home.clock.advance(2 * MINUTE);
    await Promise.resolve();
    home.clock.advance(SECOND);
    expect(runs(home).map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'running']);
  });

  it('that are caught up together do not push each other out, nor the next one that is on time', async ({
    home,
  }) => {
    await home.job('a', '* * * * *', { catch_up: 'all' });
    const loop = home.begin();
    await loop.stop(() => false);
    home.clock.stall(3 * MINUTE);
    home.begin();
    home.clock.advance(SECOND);
    expect(home.outcomes('a')).toEqual([
      '12:01:00 succeeded catch_up',
      '12:02:00 succeeded catch_up',
      '12:03:00 succeeded schedule',
    ]);
  });
});

describe('a job that pauses after failures', () => {
  async function failing() {
    const home = clockedHome(NOON);
    home.executor.runDurationMs = undefined;
    await home.job('a', '0 * * * *', { max_retries: 0, pause_after_failures: 2 });
    home.begin();
    const fail = (after = HOUR) => {
      pass(home, after);
      const running = runs(home).find(({ status }) => status === 'running');
      home.executor.end(running?.runId ?? '', 'failed');
    };
    const state = () => {
      const entry = home.workspace.jobs.get('a');
      if (entry?.kind !== 'valid') throw new Error('no job');
      return entry.state;
    };
    return { home, fail, state };
  }

  it('runs nothing while it is paused, says why at each occurrence, and is planned on', async () => {
    const { home, fail, state } = await failing();
    fail();
    expect(state().pausedAt).toBeNull();
    fail();
    expect(state()).toMatchObject({
      pausedAt: Date.parse('2026-11-25T14:00:00Z'),
      nextRun: null,
      failures: 2,
    });
    pass(home, HOUR);
    pass(home, HOUR);
    expect(home.outcomes('a').slice(2)).toEqual(['15:00:00 skipped schedule', '16:00:00 skipped schedule']);
    expect(reasons(home).at(-1)).toBe(
      'paused since 2026-11-25T14:00:00.000+00:00 after 2 failures in a row; resume it with: quickscrape job update a --enable',
    );
  });

  it('goes on after it was resumed, from then on, and pauses again after as many failures', async () => {
    const { home, fail, state } = await failing();
    fail();
    fail();
    pass(home, 30 * MINUTE);
    await home.workspace.jobs.update('a', { enabled: true }, { by: 'library', resume: true });
    expect(state().nextRun).toBe(Date.parse('2026-11-25T15:00:00Z'));
    fail(30 * MINUTE);
    expect(state()).toMatchObject({ pausedAt: null, failures: 3 });
    fail();
    expect(state().pausedAt).not.toBeNull();
    expect(home.outcomes('a').every((outcome) => outcome.includes('failed schedule'))).toBe(true);
  });

  it('goes on when a later run succeeds', async () => {
    const { home, fail, state } = await failing();
    fail();
    fail();
    home.workspace.db.run(
      `UPDATE runs SET status = 'running', finished_at = NULL WHERE scheduled_for = ${Date.parse('2026-11-25T14:00:00Z')}`,
    );
    home.executor.end(runs(home).at(-1)?.runId ?? '', 'succeeded');
    expect(state()).toMatchObject({ pausedAt: null, failures: 0 });
    pass(home, HOUR);
    expect(home.outcomes('a').at(-1)).toBe('15:00:00 running schedule');
  });

  it('keeps at most keep_runs skipped occurrences during a long pause', async () => {
    const { home, fail } = await failing();
    await home.workspace.jobs.update('a', { keep_runs: 5 }, { by: 'library' });
    fail();
    fail();
    for (let hours = 0; hours < 7; hours += 1) pass(home, HOUR);
    expect(home.outcomes('a').filter((outcome) => outcome.includes('skipped'))).toHaveLength(5);
  });
});

describe('runs on the same host', () => {
  const hosts = async (perHost: number) => {
    const home = clockedHome(NOON);
    home.executor.runDurationMs = undefined;
    await home.workspace.settings.set('max_runs_per_host', perHost);
    await home.workspace.configs.write('shop', 'url: https://shop.example/books');
    await home.workspace.configs.write('news', 'url: https://news.example/');
    for (const id of ['a', 'b', 'c', 'd']) await home.job(id, '1 12 * * *', { config_name: 'shop' });
    await home.job('n', '1 12 * * *', { config_name: 'news', priority: -1 });
    home.begin(4);
    home.clock.advance(MINUTE);
    const running = () =>
      home.workspace.runs.active().flatMap(({ status, jobId }) => (status === 'running' ? [jobId] : []));
    return { home, running };
  };

  it('are no more at once than max_runs_per_host, and others take the slots', async () => {
    const { home, running } = await hosts(2);
    const shop = () => running().filter((jobId) => jobId !== 'n');
    expect(running()).toContain('n');
    expect(shop()).toHaveLength(2);
    const first = home.workspace.runs.active().find(({ jobId }) => jobId === shop()[0]);
    expect(first?.host).toBe('shop.example');
    home.executor.end(first?.runId ?? '');
    home.clock.advance(SECOND);
    expect(shop()).toHaveLength(2);
  });

  it('all start when the setting allows as many', async () => {
    const { running } = await hosts(10);
    expect(running()).toHaveLength(4);
  });
});

it('an occurrence has the tags of its job as its pool', async ({ home }) => {
  await home.job('a', '0 * * * *', { worker: ['eu', 'browser'] });
  home.begin();
  home.clock.advance(HOUR);
  expect(runs(home)).toMatchObject([{ pool: 'browser,eu' }]);
});
