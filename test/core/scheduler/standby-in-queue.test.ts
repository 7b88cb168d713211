import { describe, expect } from 'vitest';
import { clockedHome, it } from '../../clocked-home.ts';
import { AT_1201, endsOf, enqueueManual } from './half-second-before.ts';

const NOON = '2026-11-25T12:00:00Z';
const MINUTE = 60_000;

/** A home whose job failed at 12:01 and is tried again half a minute later, two seconds and a bit before that. */
async function beforeRetry(fields: Record<string, unknown> = {}) {
  const home = clockedHome(NOON);
  home.executor.runDurationMs = undefined;
  await home.job('a', AT_1201, { max_retries: 2, retry_delay: 30, retry_backoff: 'fixed', ...fields });
  home.begin();
  home.clock.advance(MINUTE);
  const [runId = ''] = home.executor.begun;
  home.executor.end(runId, 'failed');
  home.executor.runDurationMs = 0;
  home.clock.advance(27_999);
  return { home, runId };
}

describe('a run that waits in the queue is prepared two seconds before its instant', () => {
  it('when it waits for a retry: under its own id', async () => {
    const { home, runId } = await beforeRetry();
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(1);
    expect([...home.executor.prepared]).toEqual([runId]);
    home.clock.advance(2_000);
    expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
    expect(home.executor.begun).toEqual([runId, runId]);
    expect(endsOf(home)).toEqual({ begun: 2, discarded: 0 });
  });

  it('when it begins later than its occurrence', async ({ home }) => {
    await home.job('a', AT_1201, { stagger: 3_600 });
    home.begin();
    home.clock.advance(MINUTE);
    const [run] = home.workspace.runs.active();
    const wait = (run?.notBefore ?? 0) - home.clock.now();
    expect(wait).toBeGreaterThan(2_000);
    home.clock.advance(wait - 2_001);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(1);
    expect([...home.executor.prepared]).toEqual([run?.runId]);
    home.clock.advance(2_000);
    expect(home.executor.begun).toEqual([run?.runId]);
  });

  it('at the instant at which another run of its job is due: each has its own', async ({ home }) => {
    home.executor.runDurationMs = undefined;
    const retry = { max_retries: 1, retry_delay: 60, retry_backoff: 'fixed', overlap: 'allow' };
    await home.job('a', '* * * * *', retry);
    home.begin();
    home.clock.advance(MINUTE);
    const [first = ''] = home.executor.begun;
    home.executor.end(first, 'failed');
    home.executor.runDurationMs = 0;
    home.clock.advance(MINUTE);
    expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule', '12:02:00 succeeded schedule']);
    expect(home.said).toEqual([]);
  });

  it('within the free slots, counting what is due then', async ({ home }) => {
    home.executor.runDurationMs = undefined;
    const retry = { max_retries: 1, retry_delay: 60, retry_backoff: 'fixed' };
    await home.job('a', AT_1201, retry);
    for (const id of ['b', 'c']) await home.job(id, '2 12 * * *', { priority: id === 'b' ? 1 : -1 });
    home.begin(2);
    home.clock.advance(MINUTE);
    const [first = ''] = home.executor.begun;
    home.executor.end(first, 'failed');
    home.clock.advance(MINUTE - 1);
    expect(home.executor.prepared.size).toBe(2);
    home.clock.advance(1);
    expect(['a', 'b', 'c'].flatMap(home.outcomes)).toEqual([
      '12:01:00 running schedule',
      '12:02:00 running schedule',
      '12:02:00 queued schedule',
    ]);
    expect(endsOf(home)).toEqual({ begun: 3, discarded: 0 });
  });
});

describe('the standby process of a queued run is discarded', () => {
  it('when it is cancelled', async () => {
    const { home, runId } = await beforeRetry();
    home.clock.advance(500);
    expect([...home.executor.prepared]).toEqual([runId]);
    await home.executor.cancel(runId, 'the test');
    home.clock.advance(250);
    expect(endsOf(home)).toEqual({ begun: 1, discarded: 1 });
  });

  it('when its instant is another one, since the clock was set back', async () => {
    const { home } = await beforeRetry();
    home.clock.advance(500);
    home.clock.step(-3_600_000);
    home.clock.advance(2_000);
    expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
    expect(home.executor.prepared.size).toBe(0);
  });
});

describe('a run in the queue is not prepared', () => {
  it('while another run of its job is active', async () => {
    const { home } = await beforeRetry();
    home.executor.runDurationMs = undefined;
    enqueueManual(home);
    home.clock.advance(1_500);
    expect(home.outcomes('a')).toEqual(['now running manual', '12:01:00 waiting_retry schedule']);
    expect(home.executor.prepared.size).toBe(0);
  });

  it('when its process could not be started the last time', async () => {
    const { home, runId } = await beforeRetry();
    home.workspace.db.run('UPDATE runs SET void_starts = 1 WHERE run_id = ?', [runId]);
    home.clock.advance(2_000);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(1);
    expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
  });

  it('when its job was disabled and it has not begun', async ({ home }) => {
    await home.job('a', AT_1201, { stagger: 3_600 });
    const loop = home.begin();
    home.clock.advance(MINUTE);
    const [run] = home.workspace.runs.active();
    await home.workspace.jobs.update('a', { enabled: false }, { by: 'library' });
    loop.jobsChanged(['a']);
    home.clock.advance((run?.notBefore ?? 0) - home.clock.now() - 1);
    expect(home.executor.prepared.size).toBe(0);
    home.clock.advance(1);
    expect(home.outcomes('a')).toEqual(['12:01:00 skipped schedule']);
  });
});
