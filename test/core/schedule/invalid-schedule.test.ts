import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import {
  cronField,
  DAY_OF_WEEK,
  type FieldKind,
  HOUR,
  MINUTE,
} from '../../../src/core/schedule/engine/cron-field.ts';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';

function refusalOf(dict: unknown): QuickscrapeError {
  try {
    JobSchedule.fromDict(dict);
  } catch (error) {
    if (error instanceof QuickscrapeError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(dict)}`);
}

const daily = (time: unknown) => ({ type: 'daily', time });
const custom = (cron_expression: unknown) => ({ type: 'custom', cron_expression });

describe('an invalid schedule', () => {
  it.each<[dict: unknown, field: string, says: string[]]>([
    [{ type: 'once', date: '2026-02-30', time: '09:00' }, 'date', ['"2026-02-30"', '2026-02 has days 01-28']],
    [{ type: 'once', date: '2027-02-29', time: '09:00' }, 'date', ['"2027-02-29"', '01-28']],
    [{ type: 'once', date: '2026-13-01', time: '09:00' }, 'date', ['"2026-13-01"', 'month 01-12']],
    [{ type: 'once', date: '0000-01-01', time: '09:00' }, 'date', ['"0000-01-01"', 'year from 0001']],
    [{ type: 'once', date: '2026-12-00', time: '09:00' }, 'date', ['"2026-12-00"', '01-31']],
    [{ type: 'once', date: '24.12.2026', time: '09:00' }, 'date', ['"24.12.2026"', 'YYYY-MM-DD']],
    [{ type: 'once', date: new Date(0), time: '09:00' }, 'date', ['1970-01-01', 'YYYY-MM-DD']],
    [{ type: 'once', time: '09:00' }, 'date', ['date is missing', 'YYYY-MM-DD']],
    [{ type: 'once', date: '2026-12-24' }, 'time', ['time is missing', 'HH:MM']],
    [daily('25:00'), 'time', ['"25:00"', '00:00 to 23:59']],
    [daily('24:00'), 'time', ['"24:00"', '00:00 to 23:59']],
    [daily('09:60'), 'time', ['"09:60"']],
    [daily('9:00'), 'time', ['"9:00"']],
    [daily('09:00:00'), 'time', ['"09:00:00"']],
    [daily('09:00\n'), 'time', ['09:00\\n']],
    [daily(''), 'time', ['""']],
    [daily(900), 'time', ['900']],
    [daily(null), 'time', ['null']],
    [daily(['09:00']), 'time', ['["09:00"]']],
    [{ type: 'hourly', minute: 60 }, 'minute', ['60', 'whole number from 0 to 59']],
    [{ type: 'hourly', minute: -1 }, 'minute', ['-1', '0 to 59']],
    [{ type: 'hourly', minute: 1.5 }, 'minute', ['1.5', '0 to 59']],
    [{ type: 'hourly', minute: '15' }, 'minute', ['"15"']],
    [{ type: 'hourly', minute: Number.NaN }, 'minute', ['NaN']],
    [{ type: 'hourly', minute: true }, 'minute', ['true']],
    [
      { type: 'weekly', day_of_week: 7, time: '09:00' },
      'day_of_week',
      ['7', '0 to 6 (0 = Monday, 6 = Sunday)'],
    ],
    [{ type: 'weekly', day_of_week: 'mon', time: '09:00' }, 'day_of_week', ['"mon"']],
    [{ type: 'weekly', time: '09:00' }, 'day_of_week', ['is missing']],
    [{ type: 'monthly', day_of_month: 0, time: '09:00' }, 'day_of_month', ['0 is', '1 to 31']],
    [{ type: 'monthly', day_of_month: 32, time: '09:00' }, 'day_of_month', ['32', '1 to 31']],
    [{ ...daily('09:00'), timezone: 'Mars/X' }, 'timezone', ['"Mars/X"', 'IANA']],
    [{ ...daily('09:00'), timezone: null }, 'timezone', ['null', 'IANA']],
    [{ ...daily('09:00'), minute: 5 }, 'minute', ['5', 'type, time, timezone']],
    [{ ...daily('09:00'), cron: null }, 'cron', ['null', 'type, time, timezone']],
    [JSON.parse('{"type":"daily","time":"09:00","__proto__":{}}'), '__proto__', ['type, time, timezone']],
    [
      { type: 'weekdays', time: '09:00' },
      'type',
      ['"weekdays"', 'once, hourly, daily, weekly, monthly, custom'],
    ],
    [{ type: 'toString' }, 'type', ['"toString"']],
    [{ time: '09:00' }, 'type', ['type is missing', 'once, hourly']],
    [{ type: 5 }, 'type', ['5']],
    [null, 'schedule', ['null', '"type"']],
    [undefined, 'schedule', ['missing']],
    ['0 9 * * *', 'schedule', ['"0 9 * * *"']],
    [[], 'schedule', ['[]']],
    [custom(undefined), 'cron_expression', ['is missing', 'five fields']],
    [custom(5), 'cron_expression', ['5', 'five fields']],
    [custom('  '), 'cron_expression', ['"  "', 'five fields']],
    [custom('x'.repeat(5000)), 'cron_expression', ['xxx…', 'five fields']],
    [custom('* * * *'), 'cron_expression', ['4 fields', 'five fields']],
    [custom('0 0 9 * * * 2027'), 'cron_expression', ['seven fields', 'years are not supported']],
    [custom('60 * * * *'), 'cron_expression', ['minute "60"', '0-59']],
    [custom('60 0 * * * *'), 'cron_expression', ['second "60"', '0-59']],
    [custom('0 24 * * *'), 'cron_expression', ['hour "24"', '0-23']],
    [custom('0 9 32 * *'), 'cron_expression', ['day of month "32"', '1-31']],
    [custom('0 9 0 * *'), 'cron_expression', ['day of month "0"']],
    [custom('0 9 * 13 *'), 'cron_expression', ['month "13"', 'JAN-DEC']],
    [custom('0 9 * * 8'), 'cron_expression', ['day of week "8"', '0-7']],
    [custom('0 9 * * 5#6'), 'cron_expression', ['day of week "5#6"']],
    [custom('-1 * * * *'), 'cron_expression', ['minute "-1"']],
    [custom('1.5 * * * *'), 'cron_expression', ['minute "1.5"']],
    [custom('*/0 * * * *'), 'cron_expression', ['minute "*/0"']],
    [custom('0 9 * * */8'), 'cron_expression', ['step 8 of its day of week "*/8" must be from 1 to 7']],
    [
      custom('0 9 * * MON-FRI/9'),
      'cron_expression',
      ['step 9 of its day of week "MON-FRI/9"', 'from 1 to 7'],
    ],
    [custom('0 9 * */13 *'), 'cron_expression', ['step 13 of its month "*/13" must be from 1 to 12']],
    [custom('5,*/0 * * * *'), 'cron_expression', ['step 0 of its minute "5,*/0" must be from 1 to 60']],
    [custom('0 9 * FOO *'), 'cron_expression', ['month "FOO"']],
    [custom('@reboot'), 'cron_expression', ['"@reboot"', '@hourly @daily']],
    [custom('@every 5m'), 'cron_expression', ['"@every 5m"', '@hourly @daily']],
  ])('%j is refused with its field, its value and the allowed values', (dict, field, says) => {
    const refusal = refusalOf(dict);
    expect(refusal.code).toBe('invalid_schedule');
    expect(refusal.field).toBe(field);
    expect(refusal.message).toContain(field);
    for (const part of says) expect(refusal.message).toContain(part);
    expect(refusal.message.length).toBeLessThan(400);
  });

  it.each([
    [daily('9:00'), 'write 09:00'],
    [daily('9.5'), 'write 09:05'],
    [{ type: 'dayly', time: '09:00' }, 'did you mean daily?'],
    [{ type: 'weekly', dayOfWeek: 1, time: '09:00' }, 'did you mean day_of_week?'],
    [custom('0/15 * * * *'), 'a step needs a range before it: write */15 or 5-59/15'],
    [custom('0 9 * * FRI-MON'), 'a range must ascend: write FRI,SAT,SUN,MON for FRI-MON'],
    [custom('0 9 * * wed,5-1'), 'a range must ascend: write 5,6,0,1 for 5-1'],
    [custom('0 22-2 * * *'), 'a range must ascend: write 22,23,0,1,2 for 22-2'],
    [custom('50-10 * * * *'), 'a range must ascend: write 50-59,0-10 for 50-10'],
    [custom('50-10/5 * * * *'), 'a range must ascend: write 50,55,0,5,10 for 50-10/5'],
    [custom('0 9 1 nov-feb *'), 'a range must ascend: write NOV,DEC,JAN,FEB for nov-feb'],
    [custom('0 0 9 1 1 * 2027'), 'for a single date use the type "once"'],
  ])('%j comes with a hint', (dict, hint) => {
    expect(refusalOf(dict).hint).toBe(hint);
  });

  it('is given what stands for a range that runs downwards, which is no range that is too long', () => {
    const field = fc.constantFrom<[number, FieldKind]>([1, MINUTE], [2, HOUR], [5, DAY_OF_WEEK]);
    fc.assert(
      fc.property(field, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 7 }), ([index, of], a, b, step) => {
        const { size } = of;
        const [last = 0, first = 0] = [a % size, b % size].sort((x, y) => x - y);
        fc.pre(first > last);
        const expressionOf = (part: string) => ['0', '0', '0', '*', '*', '*'].with(index, part).join(' ');
        const item = `${first}-${last}${step === 1 ? '' : `/${step}`}`;
        const { hint = '' } = refusalOf(custom(expressionOf(item)));
        const [, instead = ''] = /^a range must ascend: write (\S+) for /.exec(hint) ?? [];
        const steps = Math.floor((last + size - first) / step) + 1;
        const values = Array.from({ length: steps }, (_, n) => (first + n * step) % size);
        expect(new Set(cronField(instead, of)?.values)).toEqual(new Set(values));
        expect(() => JobSchedule.fromDict(custom(expressionOf(instead)))).not.toThrow();
      }),
    );
    expect(refusalOf(custom('10-70 * * * *')).hint).not.toContain('ascend');
  });

  it('is refused also when its value cannot be written as JSON', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(refusalOf({ type: 'hourly', minute: 5n }).message).toContain('minute 5 is not valid');
    expect(refusalOf(daily(circle)).message).toContain('time object is not valid');
    expect(refusalOf(daily(() => '09:00')).field).toBe('time');
    expect(refusalOf(daily(Symbol('nine'))).message).toContain('Symbol(nine)');
  });

  it('is refused by the makers too, also from callers without types', () => {
    const call = (name: string, ...args: unknown[]) =>
      Reflect.apply(Reflect.get(JobSchedule, name), JobSchedule, args);
    const refused = (field: string) => expect.objectContaining({ code: 'invalid_schedule', field });
    expect(() => call('once', '2026-02-30', '09:00')).toThrow(refused('date'));
    expect(() => call('daily')).toThrow(refused('time'));
    expect(() => call('hourly', '5')).toThrow(refused('minute'));
    expect(() => call('weekly', 7, '09:00')).toThrow(refused('day_of_week'));
    expect(() => call('monthly', 0, '09:00')).toThrow(refused('day_of_month'));
    expect(() => call('custom', 'often')).toThrow(refused('cron_expression'));
    expect(() => call('daily', '09:00', { timezone: 'Mars/X' })).toThrow(refused('timezone'));
    expect(() => call('daily', '09:00', 'Europe/Berlin')).toThrow(refused('timezone'));
    expect(() => call('daily', '09:00', null)).toThrow(refused('timezone'));
    expect(() => call('daily', '09:00', { timeZone: 'Europe/Berlin' })).toThrow(refused('timeZone'));
  });

  it('is found in an unchecked schedule, even a frozen one', () => {
    const dict = Object.freeze({ type: 'daily', time: '25:00', timezone: 'UTC' });
    const refused = expect.objectContaining({ code: 'invalid_schedule', field: 'time' });
    for (let time = 0; time < 2; time += 1) expect(() => JobSchedule.fromDict(dict)).toThrow(refused);
  });

  it('differs from bad arguments of its methods', () => {
    const schedule = JobSchedule.daily('09:00', { timezone: 'UTC' });
    const refused = (field: string) => expect.objectContaining({ code: 'invalid_params', field });
    expect(() => schedule.getNextRunTime(new Date('never'))).toThrow(refused('from'));
    expect(() => Reflect.apply(schedule.getNextRunTime, schedule, ['2026-01-01'])).toThrow(refused('from'));
    for (const count of [-1, 1.5, Number.NaN, 10_001]) {
      expect(() => schedule.getNextRunTimes(count)).toThrow(refused('count'));
    }
  });
});
