import { describe, expect, it } from 'vitest';
import {
  selectCallbacks as callbacksFor,
  parseCallbacks,
  serializeCallbacks,
} from '../../../src/core/model/callbacks.ts';
import type { CallbackFields } from '../../../src/core/model/definition.ts';
import type { RunDifferences } from '../../../src/core/model/differences.ts';
import type { StoredStatus } from '../../../src/core/model/run-record.ts';
import { type Streak, streakAfter } from '../../../src/core/model/streak.ts';

const definition = {
  on_success: 'ok',
  on_failure: 'bad',
  on_recovery: 'back',
  on_change: 'new',
  on_failure_mode: 'each' as const,
};

function selectCallbacks(
  fields: CallbackFields,
  status: StoredStatus,
  failuresBefore: number,
  changes: RunDifferences | null,
) {
  return callbacksFor(fields, status, failuresBefore, changes).map(({ command }) => command);
}

describe('the commands that a run keeps of its job', () => {
  const none = { on_success: null, on_failure: null, on_recovery: null, on_change: null };

  it('come back as they were written', () => {
    const streak = { ...definition, on_failure: ['sh', '-c', 'a | "b"'], on_failure_mode: 'streak' as const };
    expect(parseCallbacks(serializeCallbacks(streak))).toEqual(streak);
    const { on_failure_mode } = definition;
    expect(parseCallbacks(serializeCallbacks({ ...none, on_failure_mode }))).toEqual({
      ...none,
      on_failure_mode,
    });
  });

  it('are unknown for a run of an older version and for a text that is not ours', () => {
    for (const text of [null, '', 'x', '[]', 'null', '3']) expect(parseCallbacks(text)).toBeNull();
  });

  it('leave out values that are not commands', () => {
    expect(parseCallbacks('{"on_failure": 3, "on_success": ["a", 1], "on_change": ["x"]}')).toEqual({
      ...none,
      on_change: ['x'],
      on_failure_mode: 'each',
    });
  });
});

describe('the commands that a run’s end asks for', () => {
  it('are on_success after a success and on_failure after each failure', () => {
    expect(selectCallbacks(definition, 'succeeded', 0, null)).toEqual(['ok']);
    for (const status of ['failed', 'timed_out', 'abandoned'] as const) {
      expect(selectCallbacks(definition, status, 3, null)).toEqual(['bad']);
    }
  });

  it('are on_failure only at the first failure of a streak in streak mode', () => {
    const streak = { ...definition, on_failure_mode: 'streak' as const };
    expect(selectCallbacks(streak, 'failed', 0, null)).toEqual(['bad']);
    expect(selectCallbacks(streak, 'failed', 1, null)).toEqual([]);
  });

  it('are on_recovery and then on_success at the first success after failures', () => {
    expect(selectCallbacks(definition, 'succeeded', 2, null)).toEqual(['back', 'ok']);
  });

  it('are on_change, too, after a success with other items than the last one, and never after a failure', () => {
    const same = { with_run_id: 'last', key: 'link', added: 0, removed: 0, changed: 0, unchanged: 9 };
    expect(selectCallbacks(definition, 'succeeded', 0, same)).toEqual(['ok']);
    for (const kind of ['added', 'removed', 'changed'] as const) {
      const changes = { ...same, [kind]: 1 };
      expect(selectCallbacks(definition, 'succeeded', 1, changes)).toEqual(['back', 'ok', 'new']);
      expect(selectCallbacks(definition, 'failed', 0, changes)).toEqual(['bad']);
      expect(selectCallbacks({ ...definition, on_change: null }, 'succeeded', 0, changes)).toEqual(['ok']);
    }
  });

  it('are none after a cancelled, skipped or missed run, and none that are not set', () => {
    for (const status of ['cancelled', 'skipped', 'missed', 'waiting_retry'] as const) {
      expect(selectCallbacks(definition, status, 0, null)).toEqual([]);
    }
    expect(
      selectCallbacks({ ...definition, on_success: null, on_recovery: null }, 'succeeded', 1, null),
    ).toEqual([]);
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
        const commands = selectCallbacks(
          { ...definition, on_failure_mode: mode },
          status,
          streak.failures,
          null,
        );
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
