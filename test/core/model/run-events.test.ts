import { describe, expect, it } from 'vitest';
import { notifyInput } from '../../../src/core/model/notify.ts';
import { eventsOf, heartbeatOf, type RunEnd, selectChannels } from '../../../src/core/model/run-events.ts';

const end = (fields: Partial<RunEnd>): RunEnd => ({
  status: 'succeeded',
  failuresBefore: 0,
  changes: null,
  pauses: false,
  ...fields,
});
const CHANGES = { with_run_id: 'a', key: null, added: 1, removed: 0, changed: 0, unchanged: 3 };

describe('the events of an outcome', () => {
  it('are a failure for each kind of failure', () => {
    for (const status of ['failed', 'timed_out', 'abandoned'] as const)
      expect(eventsOf(end({ status }), 'each')).toEqual(['failure']);
  });

  it('are only the first failure in a row with "streak"', () => {
    expect(eventsOf(end({ status: 'failed' }), 'streak')).toEqual(['failure']);
    expect(eventsOf(end({ status: 'failed', failuresBefore: 2 }), 'streak')).toEqual([]);
    expect(eventsOf(end({ status: 'failed', failuresBefore: 2 }), 'each')).toEqual(['failure']);
  });

  it('are a pause before the failure that caused it, also in a streak', () => {
    expect(eventsOf(end({ status: 'failed', pauses: true }), 'each')).toEqual(['paused', 'failure']);
    expect(eventsOf(end({ status: 'failed', failuresBefore: 4, pauses: true }), 'streak')).toEqual([
      'paused',
    ]);
  });

  it('are a recovery and a change after a success', () => {
    expect(eventsOf(end({}), 'each')).toEqual([]);
    expect(eventsOf(end({ failuresBefore: 1, changes: CHANGES }), 'each')).toEqual(['recovery', 'change']);
    expect(eventsOf(end({ changes: { ...CHANGES, added: 0 } }), 'each')).toEqual([]);
  });

  it('are none for a run that a person cancelled', () => {
    expect(eventsOf(end({ status: 'cancelled', failuresBefore: 3, changes: CHANGES }), 'each')).toEqual([]);
    expect(heartbeatOf('cancelled')).toBeUndefined();
  });
});

describe('channels', () => {
  it('get one message each, about the most important event that they asked for', () => {
    const notify = [
      { channel: 'me', on: ['failure' as const] },
      { channel: 'team', on: ['change' as const] },
      { channel: 'me', on: ['paused' as const] },
    ];
    expect(selectChannels(notify, ['paused', 'failure'])).toEqual([{ channel: 'me', event: 'paused' }]);
    expect(selectChannels(notify, ['recovery', 'change'])).toEqual([{ channel: 'team', event: 'change' }]);
    expect(selectChannels(notify, [])).toEqual([]);
  });

  it('get failures, recoveries and pauses unless a job says otherwise', () => {
    expect(notifyInput().parse([{ channel: 'me' }])).toEqual([
      { channel: 'me', on: ['failure', 'recovery', 'paused'] },
    ]);
    expect(notifyInput().safeParse([{ channel: 'me', on: ['sometimes'] }]).success).toBe(false);
    expect(notifyInput().safeParse([{ channel: 'a b' }]).success).toBe(false);
  });
});
