import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intlOffset, zoneSpan } from '../../../../src/core/schedule/engine/zone-offsets.ts';

const HOUR = 3_600_000;

/** Each offset as `+01:00`, from one instant on, with the instants at which it begins. */
function changes(zone: string, from: string, until: string): string[] {
  const found: string[] = [];
  let last = zoneSpan(Date.parse(from), zone);
  while (last.end < Date.parse(until)) {
    const next = zoneSpan(last.end, zone);
    if (next.offset !== last.offset) {
      found.push(`${new Date(next.start).toISOString().slice(0, 19)} ${next.offset / HOUR}`);
    }
    last = next;
  }
  return found;
}

describe('the spans of a zone', () => {
  it('have the offset that Intl has, at their ends and between, in every zone from 1800 on', () => {
    const zone = fc.constantFrom('UTC', ...Intl.supportedValuesOf('timeZone'));
    const at = fc.oneof(
      fc.integer({ min: Date.UTC(1800, 0, 1), max: Date.UTC(3000, 0, 3) }),
      fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2050, 0, 1) }),
    );
    fc.assert(
      fc.property(zone, at, (name, instant) => {
        const { start, end, offset } = zoneSpan(instant, name);
        expect(start <= instant && instant < end).toBe(true);
        for (const each of [start, instant, end - 1]) expect(intlOffset(each, name)).toBe(offset);
        expect(zoneSpan(end, name).start).toBe(end);
      }),
      { numRuns: Number(process.env['QS_CRONER'] ?? 300) },
    );
  });

  it.each([
    [
      'half an hour of daylight saving',
      'Australia/Lord_Howe',
      '2026',
      ['2026-04-04T15:00:00 10.5', '2026-10-03T15:30:00 11'],
    ],
    [
      'a day that is left out',
      'Pacific/Apia',
      '2011',
      ['2011-04-02T14:00:00 -11', '2011-09-24T14:00:00 -10', '2011-12-30T10:00:00 14'],
    ],
    [
      'winter time as the exception',
      'Europe/Dublin',
      '2026',
      ['2026-03-29T01:00:00 1', '2026-10-25T01:00:00 0'],
    ],
    ['the month of Ramadan', 'Africa/Casablanca', '2024', ['2024-03-10T02:00:00 0', '2024-04-14T02:00:00 1']],
    ['two hours', 'Antarctica/Troll', '2026', ['2026-03-29T01:00:00 2', '2026-10-25T01:00:00 0']],
    ['local mean time until 1972', 'Africa/Monrovia', '1972', ['1972-01-07T00:44:30 0']],
    [
      'a week of daylight saving',
      'America/Recife',
      '2000',
      ['2000-02-27T02:00:00 -3', '2000-10-08T03:00:00 -2', '2000-10-15T02:00:00 -3'],
    ],
    ['ten days of winter time', 'Europe/Vienna', '1945', ['1945-04-02T01:00:00 2', '1945-04-12T01:00:00 1']],
    ['none', 'Asia/Kathmandu', '2026', []],
  ])('%s: %s', (_, zone, year, expected) => {
    expect(changes(zone, `${year}-01-01T00:00Z`, `${Number(year) + 1}-01-01T00:00Z`)).toEqual(expected);
  });

  it('are the same before 1800, when every place had its own time, and go on for ever', () => {
    const early = zoneSpan(Date.UTC(1800, 0, 1), 'Europe/Berlin').offset;
    expect(early).toBe((53 * 60 + 28) * 1000);
    expect(zoneSpan(-8_640_000_000_000_000, 'Europe/Berlin').offset).toBe(early);
    expect(zoneSpan(Date.UTC(99_999, 0, 1), 'Asia/Tokyo').offset).toBe(9 * HOUR);
  });

  it('are refused for an invalid instant or zone', () => {
    expect(() => zoneSpan(Number.NaN, 'Europe/Berlin')).toThrow(RangeError);
    expect(() => zoneSpan(Number.POSITIVE_INFINITY, 'Europe/Berlin')).toThrow(RangeError);
    expect(() => zoneSpan(0, 'Mars/Base')).toThrow(RangeError);
    expect(() => zoneSpan(0, 'Mars/Base')).toThrow(RangeError);
  });
});
