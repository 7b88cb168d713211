import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getLocaleFacts } from '../../../src/scrape/parsers/locale-facts.ts';
import { parseValue } from '../../../src/scrape/parsers/parse-value.ts';
import { propertyRuns } from '../../property-runs.ts';

// The days are those of this machine's calendar, so the test has one, too.
const NOW = new Date(2026, 10, 25, 10, 12, 33).getTime();
const ago = (ms: number) =>
  new Date(Math.floor((NOW - ms) / 60_000) * 60_000).toISOString().replace('.000Z', 'Z');
const HOUR = 3_600_000;

const read = (text: string, locale?: string, now: number | undefined = NOW) => {
  const reading = parseValue('date', text, locale === undefined ? undefined : getLocaleFacts(locale), now);
  return 'value' in reading ? reading.value : reading.reason;
};

describe('a date relative to the time of fetching', () => {
  it.each([
    ['3 hours ago', ago(3 * HOUR)],
    ['Posted 3 hours ago by Ann', ago(3 * HOUR)],
    ['an hour ago', ago(HOUR)],
    ['3h ago', ago(3 * HOUR)],
    ['5 mins ago', ago(HOUR / 12)],
    ['vor 3 Stunden', ago(3 * HOUR)],
    ['vor einer Stunde', ago(HOUR)],
    ['il y a 3 heures', ago(3 * HOUR)],
    ['3 ore fa', ago(3 * HOUR)],
    ['2 days ago', '2026-11-23'],
    ['vor 2 Tagen', '2026-11-23'],
    ['hace 2 días', '2026-11-23'],
    ['2 días atrás', '2026-11-23'],
    ['2 dagen geleden', '2026-11-23'],
    ['för 2 dagar sedan', '2026-11-23'],
    ['2 dager siden', '2026-11-23'],
    ['há 2 dias', '2026-11-23'],
    ['3 weeks ago', '2026-11-04'],
    ['1 month ago', '2026-10-25'],
    ['a year ago', '2025-11-25'],
    ['in 3 days', '2026-11-28'],
    ['yesterday', '2026-11-24'],
    ['Posted: yesterday', '2026-11-24'],
    ['Yesterday at 3:45 PM', '2026-11-24T15:45:00'],
    ['gestern, 15:45 Uhr', '2026-11-24T15:45:00'],
    ['vorgestern', '2026-11-23'],
    ['heute', '2026-11-25'],
    ['25 November 2025', '2025-11-25'],
    ['3 hours ago (25 November 2025)', '2025-11-25'],
  ])('%s', (text, iso) => {
    expect(read(text)).toBe(iso);
  });

  it.each([
    ['within 3 days', 'is not a date'],
    ['1 day 3 hours ago', 'is not a date'],
    ['vor 1 Tag und 3 Stunden', 'is not a date'],
    ['3-4 days ago', 'is not a date'],
    ['half an hour ago', 'is not a date'],
    ['1.5 hours ago', 'is not a date'],
    ['Hier klicken', 'is not a date'],
    ['last week', 'is not a date'],
    ['9999 years ago', 'is not a date'],
    ['5 minutes read', 'is not a date'],
    ['3 hours ago, 2 days ago', 'contains several dates'],
  ])('is not guessed: %s', (text, reason) => {
    expect(read(text)).toBe(reason);
  });

  it('is not read without a time to count from', () => {
    const reading = parseValue('date', '3 hours ago', undefined);
    expect(reading).toEqual({ reason: 'is not a date' });
  });

  it('ends on the last day of a shorter month', () => {
    expect(read('1 month ago', undefined, new Date(2026, 2, 31, 12).getTime())).toBe('2026-02-28');
  });

  it('has the words of its locale, and English ones, and no others', () => {
    expect(read('3 часа назад', 'ru')).toBe(ago(3 * HOUR));
    expect(read('3時間前に投稿', 'ja')).toBe(ago(3 * HOUR));
    expect(read('2 dni temu', 'pl')).toBe('2026-11-23');
    expect(read('2 days ago', 'pl')).toBe('2026-11-23');
    expect(read('hier', 'fr')).toBe('2026-11-24');
    expect(read('hier', 'de')).toBe('is not a date');
  });

  it('that Intl writes is read back, in any language, unit and style', () => {
    const languages = fc.constantFrom(
      'en',
      'de',
      'fr',
      'es',
      'it',
      'nl',
      'pt',
      'sv',
      'da',
      'nb',
      'ru',
      'pl',
      'ja',
    );
    const units = fc.constantFrom(
      ['minute', 60_000],
      ['hour', HOUR],
      ['day', 24 * HOUR],
      ['week', 7 * 24 * HOUR],
    );
    fc.assert(
      fc.property(
        languages,
        units,
        fc.constantFrom('long', 'short'),
        fc.integer({ min: 1, max: 200 }),
        fc.boolean(),
        (language, [unit, ms], style, count, isTold) => {
          const format = new Intl.RelativeTimeFormat(language, { style: style as 'long' | 'short' });
          const text = format.format(-count, unit as Intl.RelativeTimeFormatUnit);
          const value = read(text, isTold || ['ru', 'pl', 'ja'].includes(language) ? language : undefined);
          const day = new Date(Date.UTC(2026, 10, 25) - count * (ms as number)).toISOString().slice(0, 10);
          expect([text, value]).toEqual([
            text,
            unit === 'minute' || unit === 'hour' ? ago(count * (ms as number)) : day,
          ]);
        },
      ),
      { numRuns: propertyRuns(300), interruptAfterTimeLimit: 5000 },
    );
  });
});
