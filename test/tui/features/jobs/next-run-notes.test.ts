import { expect, it } from 'vitest';
import type { ScheduleDict } from '../../../../src/core/schedule/rule.ts';
import { isMoved, nextRunNotes } from '../../../../src/tui/features/jobs/job-cells.ts';
import { jobRow } from '../../job-rows.ts';

/** A job with this schedule, whose next run is at this instant. */
function row(schedule: ScheduleDict, nextRun: string, stagger = 0) {
  const { definition, ...rest } = jobRow('books', { nextRun: Date.parse(nextRun) });
  return { ...rest, definition: definition && { ...definition, schedule, stagger } };
}

const at = (time: string): ScheduleDict => ({ type: 'daily', time, timezone: 'Europe/Berlin' });

it('says that a run comes later because its hour does not exist', () => {
  const shifted = row(at('02:30'), '2027-03-28T01:00:00Z');
  expect(nextRunNotes(shifted)).toMatchObject([{ kind: 'shifted', text: expect.stringContaining('03:00') }]);
  expect(isMoved(shifted)).toBe(true);
  expect(nextRunNotes(shifted)).toBe(nextRunNotes(shifted));
});

it('says that a short month moves it', () => {
  const monthly: ScheduleDict = { type: 'monthly', day_of_month: 31, time: '09:00', timezone: 'UTC' };
  expect(nextRunNotes(row(monthly, '2027-02-28T09:00:00Z'))).toMatchObject([{ kind: 'clamped' }]);
});

it('does not say that a run comes later whose clocks have just left out another', () => {
  const hourly: ScheduleDict = { type: 'hourly', minute: 0, timezone: 'Europe/Berlin' };
  const atThree = row(hourly, '2027-03-28T01:00:00Z');
  expect(nextRunNotes(atThree)).toMatchObject([
    { kind: 'skipped', text: expect.stringContaining('02:00 does not exist') },
  ]);
  expect(isMoved(atThree)).toBe(false);
});

it('a day like any other has none, and a stagger does not move the occurrence', () => {
  expect(nextRunNotes(row(at('02:30'), '2027-03-27T01:30:00Z'))).toEqual([]);
  const staggered = row(at('09:00'), '2027-03-27T08:00:00Z', 600);
  expect(nextRunNotes(staggered)).toMatchObject([{ kind: 'staggered' }]);
  expect(isMoved(staggered)).toBe(false);
  expect(nextRunNotes(jobRow('a'))).toEqual([]);
});
