import { expect, it } from 'vitest';
import { guessType } from '../../../src/scrape/suggest/guess-type.ts';

it.each([
  ['price', ['£51.77', '£1,234', 'from £5.00']],
  ['price', ['1.234,56 €', '12,- €', '5 €']],
  ['number', ['4.5', '3', '5']],
  ['number', ['12 %', '1,234.5 %', '-3 %']],
  ['date', ['2026-11-25', '2026-11-26T10:00:00Z', '2026-11-27']],
  ['date', ['Posted on 3 May 2026', 'Nov 25, 2026', '25. November 2026']],
  ['date', ['25.11.2026', '26.11.2026', '27.11.2026']],
])('%s is what all of %j are', (type, texts) => {
  expect(guessType(texts)).toBe(type);
});

it.each([
  ['too few', ['£1', '£2', '']],
  ['one that is none', ['£1', '£2', 'ask us']],
  ['amounts without a currency and with words', ['5 left', '3 left', '2 left']],
  ['sentences with an amount', ['You save £5 on each of them', 'You save £6 on each of them', '£7']],
  ['days that can be read in two ways', ['03/04/2026', '25/04/2026', '26/04/2026']],
  ['figures that can be read in two ways', ['1,234', '2.5', '3']],
  ['codes', ['007', '12', '13']],
  ['long codes', ['9780131103627', '9780131103628', '9780131103629']],
  ['stamps', ['1764000000', '1764000001', '1764000002']],
  ['versions', ['1.2.3', '1.2.4', '1.3.0']],
  ['ranges', ['£5 – £10', '£6 – £12', '£7']],
])('nothing is guessed of %s', (_what, texts) => {
  expect(guessType(texts)).toBeUndefined();
});
