import { describe, expect } from 'vitest';
import { it } from '../../clocked-home.ts';
import { endsOf, enqueueManual, halfSecondBefore } from './half-second-before.ts';

describe('a standby process is discarded', () => {
  it.each([
    ['disabled', { enabled: false }],
    ['given another schedule', { schedule: { type: 'daily', time: '13:00', timezone: 'UTC' } }],
  ])('when its job is %s within the last second', async (_, changes) => {
    const { home, loop } = await halfSecondBefore();
    expect(home.executor.prepared.size).toBe(1);
    await home.workspace.jobs.update('a', changes, { by: 'library' });
    loop.jobsChanged(['a']);
    home.clock.advance(1);
    expect(endsOf(home)).toEqual({ begun: 0, discarded: 1 });
    home.clock.advance(1_000);
    expect(home.outcomes('a')).toEqual([]);
  });

  it('when its job is deleted', async () => {
    const { home, loop } = await halfSecondBefore();
    await home.workspace.jobs.delete('a', { by: 'library' });
    loop.jobsChanged(['a']);
    home.clock.advance(1_000);
    expect(endsOf(home)).toEqual({ begun: 0, discarded: 1 });
  });

  it('when its job was disabled unnoticed before its instant', async () => {
    const { home } = await halfSecondBefore();
    await home.workspace.jobs.update('a', { enabled: false }, { by: 'library' });
    home.clock.stall(500);
    expect(endsOf(home)).toEqual({ begun: 0, discarded: 1 });
    expect(home.outcomes('a')).toEqual([]);
  });

  it('when a manual run makes it be skipped', async () => {
    const { home } = await halfSecondBefore();
    home.executor.runDurationMs = undefined;
    const { workspace, clock } = home;
    enqueueManual(home);
    clock.advance(250);
    expect(workspace.runs.active().map(({ status }) => status)).toEqual(['running']);
    clock.advance(250);
    expect(endsOf(home)).toEqual({ begun: 0, discarded: 1 });
    expect(home.outcomes('a')).toEqual(['now running manual', '12:01:00 skipped schedule']);
  });

  it('when the scheduler stops', async () => {
    const { home, loop } = await halfSecondBefore();
    const stopped = loop.stop(() => false);
    expect(endsOf(home)).toEqual({ begun: 0, discarded: 1 });
    await stopped;
  });

  it('when its instant does not come because the clock was set back', async () => {
    const { home } = await halfSecondBefore();
    home.clock.step(-3_600_000);
    home.clock.advance(500 + 2_900);
    expect(home.executor.prepared.size).toBe(1);
    home.clock.advance(200);
    expect(endsOf(home)).toEqual({ begun: 0, discarded: 1 });
    home.clock.advance(3_600_000);
    expect(home.outcomes('a')).toEqual(['12:01:00 succeeded schedule']);
    expect(endsOf(home)).toEqual({ begun: 1, discarded: 1 });
  });

  it('when the clock was set over a later occurrence, which is the one that runs', async ({ home }) => {
    await home.job('a', '*/5 * * * *');
    home.begin();
    home.clock.advance(299_500);
    expect(home.executor.prepared.size).toBe(1);
    home.clock.step(3_605_000);
    home.clock.advance(6_000);
    expect(home.outcomes('a').at(-1)).toBe('13:05:00 succeeded schedule');
    expect(endsOf(home)).toEqual({ begun: 0, discarded: 1 });
  });

  it('when it has waited three seconds for a slot; the run starts without', async () => {
    const { home } = await halfSecondBefore({ overlap: 'allow' }, 1);
    home.executor.runDurationMs = 20_000;
    enqueueManual(home);
    home.clock.advance(500);
    expect(home.outcomes('a')).toEqual(['now running manual', '12:01:00 queued schedule']);
    home.clock.advance(2_900);
    expect(home.executor.prepared.size).toBe(1);
    home.clock.advance(200);
    expect(endsOf(home)).toEqual({ begun: 0, discarded: 1 });
    home.clock.advance(40_000);
    expect(home.outcomes('a').at(-1)).toBe('12:01:00 succeeded schedule');
  });

  it('when its run is cancelled in the queue', async () => {
    const { home } = await halfSecondBefore({ overlap: 'allow' }, 1);
    home.executor.runDurationMs = 20_000;
    enqueueManual(home);
    home.clock.advance(500);
    const [runId = ''] = home.executor.prepared;
    await home.executor.cancel(runId, 'the test');
    home.clock.advance(250);
    expect(endsOf(home)).toEqual({ begun: 0, discarded: 1 });
  });
});
