import { describe, expect, it } from 'vitest';
import { parseCertainDate } from '../../../src/scrape/parsers/parse-date.ts';

describe('a text that can only be a date', () => {
  it.each([
    ['2026-11-25', '2026-11-25'],
    ['2026-11-25T10:00:00Z', '2026-11-25T10:00:00Z'],
    ['2026-11-25T10:00:00.123+0100', '2026-11-25T10:00:00+01:00'],
    ['2026-11-25 10:05', '2026-11-25T10:05:00'],
    ['2026/11/5', '2026-11-05'],
    ['25/11/2026', '2026-11-25'],
    ['11/25/2026', '2026-11-25'],
    ['25.11.2026', '2026-11-25'],
    ['5-5-2026', '2026-05-05'],
    ['25 November 2026', '2026-11-25'],
    ['25. Nov. 2026', '2026-11-25'],
    ['3rd March 2026', '2026-03-03'],
    ['1 März 2026', '2026-03-01'],
    ['November 25, 2026', '2026-11-25'],
    ['Dec 1st, 2026', '2026-12-01'],
    ['Wed, 25 Nov 2026 10:00:00 GMT', '2026-11-25T10:00:00Z'],
    ['Mittwoch, 25. November 2026', '2026-11-25'],
    ['29 February 2024', '2024-02-29'],
  ])('reads %j as %s', (text, expected) => {
    expect(parseCertainDate(text)).toBe(expected);
  });

  it.each([
    '03/04/2026',
    '3.4.2026',
    '01-02-2026',
    '25/11/26',
    '2026-02-30',
    '29 February 2026',
    '31/04/2026',
    '2026-11-25T25:00',
    '2026-11-25T10:00:00+99:99',
    '2026-11-25T10:00:00+14:30',
    '13/13/2026',
    '25 Foo 2026',
    'constructor 25, 2026',
    'November 2026',
    '2026',
    'today',
    'May the 4th',
    '',
    '25 November',
    '2026-1-1',
    'on 25 November 2026',
    '0000-01-01',
  ])('leaves %j a text', (text) => {
    expect(parseCertainDate(text)).toBeUndefined();
  });
});
