import { describe, expect, it } from 'vitest';
import { commandsFor } from '../../../src/core/run/callback-choice.ts';

const definition = {
  on_success: 'ok',
  on_failure: 'bad',
  on_recovery: 'back',
  on_failure_mode: 'each' as const,
};

describe('the commands that a run’s end asks for', () => {
  it('are on_success after a success and on_failure after each failure', () => {
    expect(commandsFor(definition, 'succeeded', 0)).toEqual(['ok']);
    for (const status of ['failed', 'timed_out', 'abandoned'] as const) {
      expect(commandsFor(definition, status, 3)).toEqual(['bad']);
    }
  });

  it('are on_failure only at the first failure of a streak in streak mode', () => {
    const streak = { ...definition, on_failure_mode: 'streak' as const };
    expect(commandsFor(streak, 'failed', 0)).toEqual(['bad']);
    expect(commandsFor(streak, 'failed', 1)).toEqual([]);
  });

  it('are on_recovery and then on_success at the first success after failures', () => {
    expect(commandsFor(definition, 'succeeded', 2)).toEqual(['back', 'ok']);
  });

  it('are none after a cancelled, skipped or missed run, and none that are not set', () => {
    for (const status of ['cancelled', 'skipped', 'missed', 'waiting_retry'] as const) {
      expect(commandsFor(definition, status, 0)).toEqual([]);
    }
    expect(commandsFor({ ...definition, on_success: null, on_recovery: null }, 'succeeded', 1)).toEqual([]);
  });
});
