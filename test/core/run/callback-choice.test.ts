import { describe, expect, it } from 'vitest';
import { commandsFor } from '../../../src/core/run/callback-choice.ts';
import type { StoredStatus } from '../../../src/core/run/record.ts';
import { type Streak, streakAfter } from '../../../src/core/run/streak.ts';

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

describe('the commands over a history of runs', () => {
  // S succeeded, F failed, T timed out, A abandoned, C cancelled, W waits for a retry, K skipped, M missed.
  const STATUS: Record<string, StoredStatus> = {
    S: 'succeeded',
    F: 'failed',
    T: 'timed_out',
    A: 'abandoned',
    C: 'cancelled',
    W: 'waiting_retry',
    K: 'skipped',
    M: 'missed',
  };

  function called(mode: 'each' | 'streak', history: string, pauseAfter: number): string {
    let streak: Streak = { failures: 0, strikes: 0, pausedAt: null, pausedAfter: null };
    return [...history]
      .map((letter, index) => {
        const status = STATUS[letter] ?? 'failed';
        const commands = commandsFor({ ...definition, on_failure_mode: mode }, status, streak.failures);
        streak = streakAfter(streak, status, pauseAfter, index);
        return commands.join('+') || '-';
      })
      .join(' ');
  }

  it.each([
    ['each', 'SFFS', 'ok bad bad back+ok'],
    ['streak', 'SFFS', 'ok bad - back+ok'],
    ['streak', 'FTAFS', 'bad - - - back+ok'],
    ['streak', 'FSFS', 'bad back+ok bad back+ok'],
    // A cancelled run in the middle neither ends the streak nor begins another.
    ['streak', 'FCFCS', 'bad - - - back+ok'],
    ['streak', 'CFS', '- bad back+ok'],
    ['each', 'FCF', 'bad - bad'],
    // Attempts that are retried say nothing: the run's end does.
    ['streak', 'WWFWS', '- - bad - back+ok'],
    ['streak', 'WS', '- ok'],
    // Nor do occurrences that were passed over.
    ['streak', 'FKMFKS', 'bad - - - - back+ok'],
    ['each', '', ''],
  ] as const)('under %s: %s calls %s', (mode, history, expected) => {
    // Pausing in between makes no difference to what is called.
    for (const pauseAfter of [0, 1, 3]) expect(called(mode, history, pauseAfter)).toBe(expected);
  });
});
