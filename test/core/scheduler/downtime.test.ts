import { describe, expect, it } from 'vitest';
import {
  type Downtime,
  describeNotStarted,
  findDowntimes,
  totalDowntimeMs,
  UptimeRecorder,
} from '../../../src/core/scheduler/downtime.ts';
import {
  describeCatchUpReason,
  describeEarlierReason,
  describeMissedReason,
} from '../../../src/core/scheduler/occurrence-reasons.ts';
import { openTempDatabase } from '../../temp-database.ts';

const noon = Date.parse('2026-11-25T12:00:00Z');
const SECOND = 1_000;
const MINUTE = 60_000;

function open() {
  const db = openTempDatabase();
  return {
    db,
    presence: new UptimeRecorder(db),
    all: () => findDowntimes(db, -8.64e15, 8.64e15).filter(({ from }) => from > 0),
  };
}

describe('downtimes', () => {
  it('are all time before the first scheduler that a home ever had', () => {
    const { db, presence } = open();
    presence.recordStart(noon);
    const [only, ...others] = findDowntimes(db, noon - MINUTE, noon);
    expect(only).toEqual({ from: 0, to: noon, kind: 'off' });
    expect(others).toEqual([]);
  });

  it('lasts from a scheduler’s last heartbeat to the start of the next one', () => {
    const { db, presence, all } = open();
    presence.recordStart(noon);
    presence.recordSeenIfDue(noon + 5 * SECOND);
    presence.recordSeenIfDue(noon + 25 * SECOND);
    new UptimeRecorder(db).recordStart(noon + 10 * MINUTE);
    expect(all()).toEqual([{ from: noon + 25 * SECOND, to: noon + 10 * MINUTE, kind: 'off' }]);
  });

  it('begin exactly where a scheduler was stopped', () => {
    const { db, presence, all } = open();
    presence.recordStart(noon);
    presence.recordSeen(noon + 7 * SECOND);
    new UptimeRecorder(db).recordStart(noon + MINUTE);
    expect(all()).toMatchObject([{ from: noon + 7 * SECOND }]);
  });

  it('are noted for a machine that slept, and none when the clock was set back meanwhile', () => {
    const { db, presence, all } = open();
    presence.recordStart(noon);
    presence.recordSleep(noon + MINUTE, noon + 60 * MINUTE);
    new UptimeRecorder(db).recordStart(noon);
    expect(all()).toEqual([{ from: noon + MINUTE, to: noon + 60 * MINUTE, kind: 'asleep' }]);
  });

  it('are kept to the newest thousand', () => {
    const { db, presence, all } = open();
    db.transaction(() => {
      for (let each = 0; each < 1_005; each += 1)
        presence.recordSleep(noon + each * MINUTE, noon + each * MINUTE + 10 * SECOND);
    });
    expect(all()).toHaveLength(1_000);
    expect(all()[0]?.from).toBe(noon + 5 * MINUTE);
  });

  it('are found when they touch the time asked for', () => {
    const { db, presence } = open();
    presence.recordSleep(noon, noon + MINUTE);
    expect(findDowntimes(db, noon + MINUTE, noon + 2 * MINUTE)).toHaveLength(1);
    expect(findDowntimes(db, noon + MINUTE + 1, noon + 2 * MINUTE)).toHaveLength(0);
    expect(findDowntimes(db, noon - MINUTE, noon - 1)).toHaveLength(0);
  });
});

const off: Downtime = { from: noon - 30 * MINUTE, to: noon - 10 * MINUTE, kind: 'off' };
const asleep: Downtime = { from: noon - 5 * MINUTE, to: noon, kind: 'asleep' };
const blocked: Downtime = { from: noon + MINUTE, to: noon + 3 * MINUTE, kind: 'blocked' };
const full: Downtime = { from: noon - 60 * MINUTE, to: noon - 40 * MINUTE, kind: 'full' };
const policy = {
  catch_up: 'latest' as const,
  misfire_grace_time: 3600,
  schedule: { type: 'custom' as const, cron_expression: '* * * * *', timezone: 'Europe/Berlin' },
};
const WAS_OFF = 'the scheduler was off from 2026-11-25T12:30:00.000+01:00 to 2026-11-25T12:50:00.000+01:00';

it.each<[string, [number, number][], number]>([
  ['none', [], 0],
  ['what lies within', [[10, 20]], 10],
  [
    'what reaches over both ends only in part',
    [
      [-50, 30],
      [90, 400],
    ],
    40,
  ],
  [
    'what overlaps once',
    [
      [10, 40],
      [30, 50],
      [20, 35],
    ],
    40,
  ],
  [
    'nothing of what is before or after',
    [
      [-20, 0],
      [100, 130],
    ],
    0,
  ],
])('the time that is lost counts %s', (_what, spans, lost) => {
  const downtimes = spans.map(([from, to]) => ({ from, to, kind: 'off' as const }));
  expect(totalDowntimeMs(downtimes, 0, 100)).toBe(lost);
  expect(totalDowntimeMs(downtimes.reverse(), 0, 100)).toBe(lost);
});

describe('the reason of an occurrence', () => {
  it.each<[string, number, string]>([
    ['in a time without scheduler', noon - 20 * MINUTE, WAS_OFF],
    ['at its very beginning', off.from, WAS_OFF],
    ['at its very end', off.to, WAS_OFF],
    [
      'while the machine slept',
      noon - 2 * MINUTE,
      'the machine slept or its clock was set forward: from 2026-11-25T12:55:00.000+01:00 to 2026-11-25T13:00:00.000+01:00',
    ],
    [
      'while the database was locked',
      noon + 2 * MINUTE,
      'the scheduler could not use its database or files from 2026-11-25T13:01:00.000+01:00 to 2026-11-25T13:03:00.000+01:00 (see its log)',
    ],
    [
      'while the disk was full',
      noon - 50 * MINUTE,
      'the disk had no room for runs from 2026-11-25T12:00:00.000+01:00 to 2026-11-25T12:20:00.000+01:00',
    ],
    ['between them', noon - 7 * MINUTE, 'the scheduler was too busy, or the job file could not be used'],
  ])('%s says so, in the zone of the job', (_when, at, reason) => {
    expect(describeNotStarted(at, [full, off, asleep, blocked], 'Europe/Berlin')).toBe(reason);
  });

  it.each([
    ['later_one', 'a later occurrence took its place (catch_up: latest)'],
    ['grace_time', 'older than misfire_grace_time allows (3600 s)'],
    ['none', 'missed occurrences are not run (catch_up: none)'],
    ['too_many', 'no more than 100 occurrences are caught up (catch_up: all)'],
  ] as const)('that was missed names what kept it and the policy: %s', (because, words) => {
    const occurrence = { at: noon - 20 * MINUTE, because };
    expect(describeMissedReason(occurrence, policy, [off])).toBe(`${WAS_OFF}; ${words}`);
  });

  it('that is caught up names its instant, what kept it and the policy', () => {
    expect(describeCatchUpReason(noon - 20 * MINUTE, policy, [off])).toBe(
      `for 2026-11-25T12:40:00.000+01:00: ${WAS_OFF}; caught up (catch_up: latest)`,
    );
  });

  it('that stands for many says for how many, and from when to when', () => {
    const many = { first: off.from, last: off.to, count: 500, atLeast: true };
    expect(describeEarlierReason(many, policy, [off])).toBe(
      'represents more than 500 occurrences from 2026-11-25T12:30:00.000+01:00 to 2026-11-25T12:50:00.000+01:00: ' +
        `${WAS_OFF}; only the newest 100 are decided one by one`,
    );
    expect(describeEarlierReason({ ...many, count: 1, atLeast: false }, policy, [off])).toContain(
      'represents one occurrence:',
    );
  });
});
