import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../../src/core/lib/format-duration.ts';

import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import { previewSchedule } from '../../../src/core/schedule/preview.ts';
import { startDelayMs } from '../../../src/core/schedule/start-delay.ts';

const berlin = { timezone: 'Europe/Berlin' };

function notesOf(schedule: JobSchedule, from: string, count = 5) {
  const { notes } = previewSchedule(schedule, { from: new Date(from), count });
  return notes.map(({ at, kind, text }) => `${at.toISOString().slice(0, 16)} ${kind}: ${text}`);
}

const FORWARD = 'on 2026-03-29 (clocks go from 02:00 to 03:00)';
const BACK = 'comes twice on 2026-10-25 (clocks go from 03:00 to 02:00)';

describe('previewSchedule', () => {
  it('gives description, zone and the next runs, five by default', () => {
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

  it('notes every fixed time of a repeated hour, however many there are, and those alone that are shown', () => {
    const everyMinute = JobSchedule.custom('0-59 2 * * *', berlin);
    const minutes = Array.from({ length: 60 }, (_, minute) => String(minute).padStart(2, '0'));
    const noteAt = (minute: string) =>
      `2026-10-25T01:${minute} skipped: 02:${minute} ${BACK}: runs the first time only`;
    expect(notesOf(everyMinute, '2026-10-24T23:59:59Z', 60)).toEqual(minutes.map(noteAt));
    expect(notesOf(everyMinute, '2026-10-25T00:44:59Z', 3)).toEqual(['45', '46', '47'].map(noteAt));
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

  it('says in one note that every run of a job starts later by the same offset, and how much is random', () => {
    const from = new Date('2026-11-25T00:00:00Z');
    const schedule = JobSchedule.daily('09:00', berlin);
    const describeStaggered = (stagger: number, jitter: number, count = 3) =>
      previewSchedule(schedule, { from, count, startDelay: { jobId: 'news', stagger, jitter } }).notes;
    const offset = formatDuration(startDelayMs('news', { stagger: 600, jitter: 0 }, 0));
    expect(describeStaggered(600, 0)).toEqual([
      {
        at: new Date('2026-11-25T08:00:00Z'),
        kind: 'staggered',
        text: `each run starts ${offset} later (stagger 600: a fixed offset of this job)`,
      },
    ]);
    expect(describeStaggered(600, 90)[0]?.text).toBe(
      `each run starts ${offset} later (stagger 600: a fixed offset of this job), and up to 1 min 30 s later, at random (jitter 90)`,
    );
    expect(describeStaggered(0, 90)[0]?.text).toBe(
      'each run starts up to 1 min 30 s later, at random (jitter 90)',
    );
    expect(describeStaggered(0, 0)).toEqual([]);
    expect(describeStaggered(600, 0, 0)).toEqual([]);
  });

  it('keeps the runs at their occurrences under any offset', () => {
    const from = new Date('2026-11-25T00:00:00Z');
    const schedule = JobSchedule.daily('09:00', berlin);
    const startDelay = { jobId: 'news', stagger: 600, jitter: 60 };
    expect(previewSchedule(schedule, { from, startDelay }).next_runs).toEqual(
      schedule.getNextRunTimes(5, from),
    );
  });

  it.each([
    ['the last second of 32-bit time', JobSchedule.once('2038-01-19', '03:14', { timezone: 'UTC' }), 1],
    ['after it', JobSchedule.once('2038-01-19', '03:15', { timezone: 'UTC' }), 1],
    ['the year 2500', JobSchedule.once('2500-07-01', '09:00', berlin), 1],
    ['twenty leap days', JobSchedule.custom('0 9 29 2 *', berlin), 20],
  ])('previews %s', (_what, schedule, count) => {
    const { next_runs, notes } = previewSchedule(schedule, { from: new Date('2026-11-25T00:00:00Z'), count });
    expect(next_runs).toHaveLength(count);
    expect(notes).toEqual([]);
    const years = next_runs.map((at) => at.getUTCFullYear());
    expect(years).toEqual([...years].sort((a, b) => a - b));
  });

  it('still labels a change of the clocks after 2038', () => {
    expect(notesOf(JobSchedule.daily('02:30', berlin), '2040-03-24T00:00:00Z')).toEqual([
      '2040-03-25T01:00 shifted: 02:30 does not exist on 2040-03-25 (clocks go from 02:00 to 03:00): runs at 03:00',
    ]);
  });

  it('answers over decades and from the ends of time without looking at each day for ever', () => {
    expect(notesOf(JobSchedule.custom('0 9 29 2 *', berlin), '2026-01-01T00:00:00Z', 10)).toEqual([]);
    const earliest = new Date(-8.64e15);
    expect(previewSchedule(JobSchedule.daily('09:00', berlin), { from: earliest }).next_runs).toHaveLength(5);
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
