import { afterEach, describe, expect, it } from 'vitest';
import { formatInstant, systemTimezone, wallClock } from '../../../../src/core/schedule/engine/instant.ts';
import { parseTimezone } from '../../../../src/core/schedule/timezone.ts';

describe('formatInstant', () => {
  it.each([
    ['2026-11-25T08:00:00.000Z', 'Europe/Berlin', '2026-11-25T09:00:00.000+01:00'],
    ['2026-07-01T08:00:00.123Z', 'Europe/Berlin', '2026-07-01T10:00:00.123+02:00'],
    ['2026-11-25T02:00:00.000Z', 'America/St_Johns', '2026-11-24T22:30:00.000-03:30'],
    ['2026-01-01T00:00:00.000Z', 'Pacific/Chatham', '2026-01-01T13:45:00.000+13:45'],
    ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25T02:30:00.000+02:00'],
    ['2026-10-25T01:30:00.000Z', 'Europe/Berlin', '2026-10-25T02:30:00.000+01:00'],
    ['1969-12-31T23:59:58.500Z', 'UTC', '1969-12-31T23:59:58.500+00:00'],
  ])('%s in %s is %s', (at, zone, expected) => {
    expect(formatInstant(new Date(at), zone)).toBe(expected);
    expect(formatInstant(Date.parse(at), zone)).toBe(expected);
    expect(Date.parse(formatInstant(new Date(at), zone))).toBe(Date.parse(at));
  });

  it('refuses text that is not a date', () => {
    expect(() => formatInstant(new Date('never'), 'UTC')).toThrow(RangeError);
  });
});

describe('wallClock', () => {
  it('gives numbers as the zone’s clock shows them', () => {
    const expected = { year: 2026, month: 3, day: 1, hour: 0, minute: 0, second: 7 };
    expect(wallClock(new Date('2026-02-28T18:15:07.900Z'), 'Asia/Kathmandu')).toEqual(expected);
  });
});

describe('systemTimezone', () => {
  const before = process.env['TZ'];
  afterEach(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });

  it('follows the system, and is UTC when the system names no zone', () => {
    process.env['TZ'] = 'Asia/Tokyo';
    expect(systemTimezone()).toBe('Asia/Tokyo');
    process.env['TZ'] = 'Mars/X';
    expect(parseTimezone(systemTimezone())).toBe(systemTimezone());
  });
});

describe('parseTimezone', () => {
  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['Asia/Kathmandu', 'Asia/Kathmandu'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['utc', 'UTC'],
    ['Etc/GMT+2', 'Etc/GMT+2'],
    ['CET', 'CET'],
  ])('takes %s as %s', (given, expected) => {
    expect(parseTimezone(given)).toBe(expected);
  });

  const KINDS = 'See the kinds of schedules and their options with: quickscrape schedule preview --help';
  it.each([
    ['Mars/X', KINDS],
    ['Europe/Berln', 'did you mean Europe/Berlin?'],
    ['Berlin', 'did you mean Europe/Berlin?'],
    ['new york', 'did you mean America/New_York?'],
    ['BST', 'abbreviations are ambiguous: use a city, such as Europe/Berlin'],
    ['SystemV/EST5', KINDS],
    ['+02:00', KINDS],
    ['', KINDS],
    [null, KINDS],
    [60, KINDS],
  ])('refuses %j with the hint %j', (value, hint) => {
    const message = `timezone ${JSON.stringify(value)} is not valid: use a name of the IANA time zone database, such as Europe/Berlin or UTC`;
    const details = { code: 'invalid_schedule', field: 'timezone', message };
    expect(() => parseTimezone(value)).toThrow(expect.objectContaining(details));
    try {
      parseTimezone(value);
    } catch (error) {
      expect(Reflect.get(Object(error), 'hint')).toBe(hint);
    }
  });
});
