import { describe, expect, it } from 'vitest';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import { previewSchedule } from '../../../src/core/schedule/preview.ts';

const berlin = { timezone: 'Europe/Berlin' };

function notesOf(schedule: JobSchedule, from: string, count = 5) {
  const { notes } = previewSchedule(schedule, { from: new Date(from), count });
  return notes.map(({ at, kind, text }) => `${at.toISOString().slice(0, 16)} ${kind}: ${text}`);
}

const FORWARD = 'on 2026-03-29 (clocks go from 02:00 to 03:00)';
const BACK = 'comes twice on 2026-10-25 (clocks go from 03:00 to 02:00)';

describe('previewSchedule', () => {
  it('gives description, zone and the next runs, five unless told otherwise', () => {
    const schedule = JobSchedule.daily('09:00', berlin);
    const from = new Date('2026-11-25T00:00:00Z');
    expect(previewSchedule(schedule, { from })).toEqual({
      description: 'every day at 09:00 (Europe/Berlin)',
      timezone: 'Europe/Berlin',
      next_runs: schedule.getNextRunTimes(5, from),
      notes: [],
    });
    expect(previewSchedule(schedule).next_runs).toHaveLength(5);
    expect(previewSchedule(JobSchedule.once('2020-01-01', '09:00', berlin))).toMatchObject({
      next_runs: [],
      notes: [],
    });
  });

  it('notes a fixed time that the clocks shift', () => {
    expect(notesOf(JobSchedule.daily('02:30', berlin), '2026-03-28T00:00:00Z')).toEqual([
      `2026-03-29T01:00 shifted: 02:30 does not exist ${FORWARD}: runs at 03:00`,
    ]);
    expect(notesOf(JobSchedule.once('2026-03-29', '02:30', berlin), '2026-01-01T00:00:00Z')).toEqual([
      `2026-03-29T01:00 shifted: 02:30 does not exist ${FORWARD}: runs at 03:00`,
    ]);
    expect(notesOf(JobSchedule.custom('15,30 2 * * *', berlin), '2026-03-28T00:00:00Z')).toEqual([
      `2026-03-29T01:00 shifted: 02:15, 02:30 do not exist ${FORWARD}: runs at 03:00`,
    ]);
  });

  it('notes what elapsed time leaves out of a gap', () => {
    expect(notesOf(JobSchedule.hourly(30, berlin), '2026-03-28T23:00:00Z')).toEqual([
      `2026-03-29T01:00 skipped: 02:30 does not exist ${FORWARD}: no run`,
    ]);
    expect(notesOf(JobSchedule.custom('*/15 * * * *', berlin), '2026-03-29T00:50:00Z')).toEqual([
      `2026-03-29T01:00 skipped: 02:00, 02:15, 02:30 … do not exist ${FORWARD}: no run`,
    ]);
  });

  it('notes the pass of a repeated hour in which a fixed time does not run', () => {
    const note = `2026-10-25T01:30 skipped: 02:30 ${BACK}: runs the first time only`;
    expect(notesOf(JobSchedule.daily('02:30', berlin), '2026-10-24T00:00:00Z')).toEqual([note]);
    expect(notesOf(JobSchedule.once('2026-10-25', '02:30', berlin), '2026-10-24T00:00:00Z')).toEqual([note]);
    expect(notesOf(JobSchedule.daily('02:30', berlin), '2026-10-25T00:45:00Z')).toEqual([]);
  });

  it('notes each second run of a repeated hour, also when the search starts between the two', () => {
    const note = `2026-10-25T01:30 doubled: 02:30 ${BACK}: also runs at 2026-10-25T02:30:00.000+02:00`;
    expect(notesOf(JobSchedule.hourly(30, berlin), '2026-10-24T22:00:00Z')).toEqual([note]);
    expect(notesOf(JobSchedule.hourly(30, berlin), '2026-10-25T01:10:00Z')).toEqual([note]);
    expect(notesOf(JobSchedule.hourly(30, berlin), '2026-10-24T22:00:00Z', 2)).toEqual([]);
  });

  it('notes month ends that stand in for a day the month lacks', () => {
    expect(notesOf(JobSchedule.monthly(31, '09:00', berlin), '2026-01-01T00:00:00Z')).toEqual([
      '2026-02-28T08:00 clamped: 2026-02 has no day 31: runs on its last day, 2026-02-28',
      '2026-04-30T07:00 clamped: 2026-04 has no day 31: runs on its last day, 2026-04-30',
    ]);
    expect(notesOf(JobSchedule.monthly(28, '09:00', berlin), '2026-01-01T00:00:00Z')).toEqual([]);
  });

  it('has no notes where clocks change but the schedule does not care', () => {
    expect(notesOf(JobSchedule.daily('09:00', berlin), '2026-03-27T00:00:00Z')).toEqual([]);
    expect(notesOf(JobSchedule.hourly(30, { timezone: 'UTC' }), '2026-03-29T00:00:00Z')).toEqual([]);
    expect(notesOf(JobSchedule.hourly(15, { timezone: 'Asia/Kathmandu' }), '2026-03-29T00:00:00Z')).toEqual(
      [],
    );
  });

  it('answers quickly over decades and from the ends of time', () => {
    const started = performance.now();
    expect(notesOf(JobSchedule.custom('0 9 29 2 *', berlin), '2026-01-01T00:00:00Z', 10)).toEqual([]);
    const earliest = new Date(-8.64e15);
    expect(previewSchedule(JobSchedule.daily('09:00', berlin), { from: earliest }).next_runs).toHaveLength(5);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('refuses a count or an instant that makes no sense', () => {
    const schedule = JobSchedule.daily('09:00', berlin);
    expect(() => previewSchedule(schedule, { count: -1 })).toThrow(
      expect.objectContaining({ field: 'count' }),
    );
    expect(() => previewSchedule(schedule, { from: new Date('never') })).toThrow(
      expect.objectContaining({ field: 'from' }),
    );
  });
});
