import { afterEach, describe, expect, it, vi } from 'vitest';
import { JobSchedule } from '../../../../src/core/schedule/job-schedule.ts';
import { collectGarbage } from '../../../collect-garbage.ts';

function manySchedules(): JobSchedule[] {
  return Array.from({ length: 1440 }, (_, index) => {
    const zone = { timezone: index % 2 === 0 ? 'Europe/Berlin' : 'America/New_York' };
    const minute = index % 60;
    // The nearest weekday is left to croner.
    const day = index % 3 === 0 ? '15W' : '*';
    return JobSchedule.custom(`${minute} ${Math.floor(index / 60)}-23/5 ${day} * *`, zone);
  });
}

describe('compiled patterns', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('never start a timer, so they keep no process alive', () => {
    vi.useFakeTimers({ now: Date.parse('2026-03-28T23:59:30Z'), toFake: ['Date'] });
    for (const schedule of manySchedules().slice(0, 60)) schedule.getNextRunTimes(8);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are few, however many schedules live', () => {
    const from = new Date('2026-03-28T23:59:30Z');
    const schedules = manySchedules();
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (const schedule of schedules) expect(schedule.getNextRunTime(from)).not.toBeNull();
    collectGarbage();
    // A croner object for each that needs one would take 40 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
    expect(schedules).toHaveLength(1440);
  });
});
