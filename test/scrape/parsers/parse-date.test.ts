import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getLocaleFacts } from '../../../src/scrape/parsers/locale-facts.ts';
import { parseDate } from '../../../src/scrape/parsers/parse-date.ts';
import { parseBoolean } from '../../../src/scrape/parsers/parse-value.ts';

const read = (text: string, locale?: string) => {
  const reading = parseDate(text, locale === undefined ? undefined : getLocaleFacts(locale));
  return 'value' in reading ? reading.value : reading.reason;
};

describe('a date', () => {
  it.each([
    ['2026-11-25', '2026-11-25'],
    ['2026-11-25T10:00:00Z', '2026-11-25T10:00:00Z'],
    ['2026-11-25 10:00:00.123+0200', '2026-11-25T10:00:00+02:00'],
    ['2026/1/5', '2026-01-05'],
    ['20261125', '2026-11-25'],
    ['25 November 2026', '2026-11-25'],
    ['25. Nov. 2026', '2026-11-25'],
    ['25-Nov-2026', '2026-11-25'],
    ['November 25th, 2026', '2026-11-25'],
    ["5 Nov '26", '2026-11-05'],
    ['25 de noviembre de 2026', '2026-11-25'],
    ['1er mars 2026', '2026-03-01'],
    ['2026年11月25日', '2026-11-25'],
    ['25/11/2026', '2026-11-25'],
    ['12/25/2026', '2026-12-25'],
    ['3/3/2026', '2026-03-03'],
    ['25.11.26', '2026-11-25'],
    ['25.11.70', '1970-11-25'],
    ['Published: 25 November 2026 by X', '2026-11-25'],
    ['Nov 25, 2026 3:45 PM', '2026-11-25T15:45:00'],
    ['Nov 25, 2026, 12:05 am', '2026-11-25T00:05:00'],
    ['25.11.2026, 15:45 Uhr', '2026-11-25T15:45:00'],
    ['Wed, 25 Nov 2026 10:00:00 GMT', '2026-11-25T10:00:00Z'],
    ['Wed Nov 25 2026 10:00:00 GMT+0800 (CST)', '2026-11-25T10:00:00+08:00'],
    ['Wed Nov 25 10:00:00 UTC 2026', '2026-11-25T10:00:00Z'],
    ['2026-11-25 10:00 UTC+5:30', '2026-11-25T10:00:00+05:30'],
    ['2026-11-25 10:00:00-05', '2026-11-25T10:00:00-05:00'],
    ['Wed, 25 Nov 2026 10:00:00 EST', '2026-11-25T10:00:00-05:00'],
    ['2026-11-25 10:00 JST', '2026-11-25T10:00:00+09:00'],
    ['25.11.2026 um 10:00 Uhr MEZ', '2026-11-25T10:00:00+01:00'],
    ['Updated 3:45 PM ET, July 5, 2026', '2026-07-05T15:45:00-04:00'],
    ['Updated 3:45 PM ET, Wed November 25, 2026', '2026-11-25T15:45:00-05:00'],
    // No name of a zone, so it has none: never UTC without a word.
    ['Nov 25, 2026 10:00 ALMT', '2026-11-25T10:00:00'],
    ['25 novembre 2026 à 10:00 est publié', '2026-11-25T10:00:00'],
    // Opening hours, and no zone of Hawaii.
    ['25 Nov 2026 08:00-10:00', '2026-11-25T08:00:00'],
    ['10:30, 25 Nov 2026', '2026-11-25T10:30:00'],
    ['Posted by Ann at 10:30 on 25 Nov 2026', '2026-11-25T10:30:00'],
    ['Nov 25, 2026 · 3:45 PM', '2026-11-25T15:45:00'],
    ['Nov 25, 2026 at 3 PM', '2026-11-25T15:00:00'],
    ['25.11.2026 (Mi) 15:45', '2026-11-25T15:45:00'],
    ['25 novembre 2026 à 15h', '2026-11-25T15:00:00'],
    ['25 novembre 2026 alle ore 15:45', '2026-11-25T15:45:00'],
    ['2026年11月25日 下午3:45', '2026-11-25T15:45:00'],
    ['2026年11月25日（水）15時45分', '2026-11-25T15:45:00'],
    ['2026년 11월 25일 오후 3시 45분', '2026-11-25T15:45:00'],
    ['20261125T154500Z', '2026-11-25T15:45:00Z'],
    // No times of day.
    ['Nov 25, 2026 • 45:12', '2026-11-25'],
    ['Nov 25, 2026 · 5:32 min', '2026-11-25'],
    ['25 Nov 2026, 12.50 €', '2026-11-25'],
    ['Nov 25, 2026 (doors 10:00, show 12:00)', '2026-11-25'],
    ['2026-11-25T10:00Z (2026-11-25)', '2026-11-25T10:00:00Z'],
    ['1700000000', '2023-11-14T22:13:20Z'],
    ['1700000000000', '2023-11-14T22:13:20.000Z'],
    ['2026-11-25 and 2026-11-25', '2026-11-25'],
  ])('%s', (text, iso) => {
    expect(read(text)).toBe(iso);
  });

  it.each([
    ['2026-02-30', 'is not a date'],
    ['2026-11-25T25:00', 'is not a date'],
    ['Nov 25, 2026 13:45 PM', 'is not a date'],
    ['May 2026', 'is not a date'],
    ['yesterday', 'is not a date'],
    ['25-11-26', 'is not a date'],
    ['192.168.1.1', 'is not a date'],
    ['v2026.11.25', 'is not a date'],
    ['12 Nov 2025 - 14 Nov 2026', 'contains several dates'],
    ['03/04/2026', 'can be read in two ways (set locale: en, for example)'],
    [
      '2026-11-25 10:00 CST',
      'names a time zone that several countries have (set locale: en-US, for example)',
    ],
  ])('is not guessed: %s', (text, reason) => {
    expect(read(text)).toBe(reason);
  });

  it('in figures is read by its locale', () => {
    expect(['en-US', 'en-GB', 'de', 'fr-CA'].map((locale) => read('03/04/2026', locale))).toEqual([
      '2026-03-04',
      '2026-04-03',
      '2026-04-03',
      expect.any(String),
    ]);
  });

  it('has the zone of its locale where several countries have the name', () => {
    const texts = ['2026-11-25 10:00 CST', '2026-11-25 10:00 IST'];
    expect(texts.map((text) => read(text, 'en-US'))[0]).toBe('2026-11-25T10:00:00-06:00');
    expect(texts.map((text) => read(text, 'zh-CN'))[0]).toBe('2026-11-25T10:00:00+08:00');
    expect(texts.map((text) => read(text, 'en-IN'))[1]).toBe('2026-11-25T10:00:00+05:30');
  });

  it('has the month names of its locale before those of others', () => {
    expect(read('5 listopada 2026', 'pl')).toBe('2026-11-05');
    expect(read('5. listopada 2026', 'hr')).toBe('2026-10-05');
    expect(read('5 ноября 2026 г.', 'ru')).toBe('2026-11-05');
    expect(read('5 listopada 2026')).toBe('is not a date');
  });

  it('that Intl writes is read back, in any locale and style', () => {
    const days = fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('2069-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    const locales = fc.constantFrom(
      'en-US',
      'en-GB',
      'de',
      'fr',
      'es',
      'it',
      'nl',
      'pt',
      'sv',
      'pl',
      'ru',
      'ja',
    );
    fc.assert(
      fc.property(
        days,
        locales,
        fc.constantFrom('short', 'medium', 'long', 'full'),
        (day, locale, dateStyle) => {
          const text = new Intl.DateTimeFormat(locale, { dateStyle, timeZone: 'UTC' }).format(day);
          // The short dates of the Dutch, with strokes and two figures of a year, could begin with the year.
          fc.pre(!/^\d+-\d+-\d\d$/.test(text));
          expect(read(text, locale)).toBe(day.toISOString().slice(0, 10));
        },
      ),
      { numRuns: 400, interruptAfterTimeLimit: 5000 },
    );
  });

  it('and a time that Intl writes are read back, in any locale and style', () => {
    const instants = fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('2069-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    const locales = fc.constantFrom(
      'en-US',
      'en-GB',
      'de',
      'fr',
      'es',
      'it',
      'nl',
      'pt',
      'pl',
      'ru',
      'ja',
      'zh',
      'ko',
    );
    fc.assert(
      fc.property(instants, locales, fc.constantFrom('medium', 'long'), (instant, locale, dateStyle) => {
        const format = new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'short', timeZone: 'UTC' });
        expect(read(format.format(instant), locale)).toBe(`${instant.toISOString().slice(0, 16)}:00`);
      }),
      { numRuns: 300, interruptAfterTimeLimit: 5000 },
    );
  });

  it('with an offset is the instant of that offset, whatever name is beside it', () => {
    const offsets = fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15);
    const names = fc.constantFrom('', ' (CST)', ' (IST)', ' (China Standard Time)', ' UTC');
    const instants = fc.date({
      min: new Date('1971-01-01T00:00:00Z'),
      max: new Date('2069-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        instants,
        offsets,
        names,
        fc.constantFrom('GMT', 'UTC', ''),
        (instant, minutes, name, zone) => {
          const wall = new Date(Math.floor(instant.getTime() / 1000) * 1000 + minutes * 60_000).toISOString();
          const size = Math.abs(minutes);
          const [hh, mm] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'));
          const text = `${wall.slice(0, 10)} ${wall.slice(11, 19)} ${zone}${minutes < 0 ? '-' : '+'}${hh}${mm}${name}`;
          expect(Date.parse(read(text))).toBe(Math.floor(instant.getTime() / 1000) * 1000);
        },
      ),
      { numRuns: 300, interruptAfterTimeLimit: 5000 },
    );
  });

  it('is ISO 8601 for any text, and no text makes it fail', () => {
    const scraps = fc.constantFrom(
      '2026',
      '11',
      '25',
      '-',
      '/',
      '.',
      ' ',
      'Nov',
      'T',
      ':',
      '10',
      'PM',
      'CET',
      '+0800',
      '+02:00',
      'de',
    );
    fc.assert(
      fc.property(
        fc.array(scraps, { maxLength: 14 }).map((parts) => parts.join('')),
        (text) => {
          const reading = parseDate(text, undefined);
          if ('value' in reading) expect(Number.isNaN(Date.parse(reading.value))).toBe(false);
        },
      ),
      { numRuns: 500, interruptAfterTimeLimit: 5000 },
    );
  });
});

describe('yes and no', () => {
  it.each([
    ['Yes', true],
    ['TRUE', true],
    ['1', true],
    ['ja', true],
    ['In stock (22 available)', true],
    ['https://schema.org/InStock', true],
    ['Out of stock.', false],
    ['http://schema.org/OutOfStock', false],
    ['nein', false],
    ['0', false],
  ])('%s', (text, value) => {
    expect(parseBoolean(text)).toEqual({ value });
  });

  it('are not guessed', () => {
    for (const text of ['maybe', '', '2', 'in stock soon'])
      expect(parseBoolean(text)).toHaveProperty('reason');
  });
});
