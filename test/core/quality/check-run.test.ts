import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median } from '../../../src/core/lib/median.ts';
import { describeFailedChecks, readChecks } from '../../../src/core/model/check.ts';
import { type Expectations, mergeExpectations } from '../../../src/core/model/expectations.ts';
import {
  type BaselineMetrics,
  checkNotEmpty,
  checkRun,
  NO_BASELINE,
  type RunMetrics,
} from '../../../src/core/quality/check-run.ts';

const found = (items: number, filled: RunMetrics['filled'] = {}): RunMetrics => ({
  items,
  filled,
  fields: ['title', 'price'],
});

/** Good runs that had so many items and whose fields were filled in so many of 100. */
const usually = (items: number, fill = 100, runs = 10): BaselineMetrics => ({
  items: { value: items, runs },
  fill: () => ({ value: fill, runs }),
});

const failed = (expected: Expectations, run: RunMetrics, usual: BaselineMetrics = NO_BASELINE) =>
  checkRun(expected, run, usual)
    .filter(({ passed }) => !passed)
    .map(({ check, field }) => (field === null ? check : `${check} of ${field}`));

describe('a run fails by what is expected of it', () => {
  it.each<[string, Expectations, RunMetrics, BaselineMetrics, string[]]>([
    ['nothing expected', {}, found(0), usually(100), []],
    ['as many items as the least', { min_items: 20 }, found(20), NO_BASELINE, []],
    ['one item less', { min_items: 20 }, found(19), NO_BASELINE, ['min_items']],
    ['as far below as may be', { max_drop_percent: 30 }, found(7), usually(10), []],
    ['further below', { max_drop_percent: 30 }, found(6), usually(10), ['max_drop_percent']],
    ['any drop', { max_drop_percent: 0 }, found(99), usually(100), ['max_drop_percent']],
    ['more than usual', { max_drop_percent: 0 }, found(500), usually(100), []],
    ['all gone, which is allowed', { max_drop_percent: 100 }, found(0), usually(100), []],
    ['half an item less', { max_drop_percent: 0 }, found(10), usually(10.5), ['max_drop_percent']],
    ['nothing to compare with', { max_drop_percent: 0 }, found(1), NO_BASELINE, []],
    ['each item full', { required_fields: ['price'] }, found(3, { price: 3 }), NO_BASELINE, []],
    [
      'one item empty',
      { required_fields: ['price'] },
      found(3, { price: 2 }),
      NO_BASELINE,
      ['required_fields of price'],
    ],
    ['full enough', { min_fill_percent: { price: 95 } }, found(100, { price: 95 }), NO_BASELINE, []],
    [
      'not full enough',
      { min_fill_percent: { price: 95 } },
      found(100, { price: 94 }),
      NO_BASELINE,
      ['min_fill_percent of price'],
    ],
    [
      'a field that there is not',
      { required_fields: ['prize'] },
      found(3, { price: 3 }),
      NO_BASELINE,
      ['required_fields of prize'],
    ],
    [
      'a field that is called as what all objects have',
      { required_fields: ['constructor'] },
      found(3, {}),
      NO_BASELINE,
      ['required_fields of constructor'],
    ],
    [
      'an empty run: by its items alone',
      { min_items: 5, max_drop_percent: 50, required_fields: ['price'] },
      found(0),
      usually(100),
      ['min_items', 'max_drop_percent'],
    ],
    [
      'an empty run that may be: nothing',
      { allow_empty: true, min_items: 5, max_drop_percent: 50, required_fields: ['price'] },
      found(0),
      usually(100),
      [],
    ],
    [
      'a run with some items, where none at all are fine',
      { allow_empty: true, min_items: 5 },
      found(4),
      NO_BASELINE,
      ['min_items'],
    ],
    [
      'both, each once',
      { required_fields: ['price', 'title', 'price'], min_fill_percent: { title: 50 } },
      found(4, { price: 0, title: 1 }),
      NO_BASELINE,
      ['required_fields of price', 'required_fields of title', 'min_fill_percent of title'],
    ],
  ])('%s', (_name, expected, run, usual, failures) => {
    expect(failed(expected, run, usual)).toEqual(failures);
  });

  it('and one without an item always does, unless that is allowed', () => {
    expect(checkNotEmpty(usually(40))).toMatchObject({
      ...{ check: 'min_items', passed: false, found: 0, expected: 1, usual: 40, good_runs: 10 },
      message: '0 items, at least 1 expected; usually 40, the median of 10 good runs',
    });
  });
});

describe('what it says has the figures: now, expected, usual, and of how many runs', () => {
  const say = (expected: Expectations, run: RunMetrics, usual: BaselineMetrics = NO_BASELINE) =>
    describeFailedChecks(checkRun(expected, run, usual));

  it('of the number of items', () => {
    expect(say({ min_items: 1000 }, found(12), usually(1200, 100, 3))).toBe(
      '12 items, at least 1,000 expected; usually 1,200, the median of 3 good runs',
    );
    expect(say({ max_drop_percent: 20 }, found(1), usually(400.5, 100, 1))).toBe(
      '1 item, 99.7 % fewer than usual (400.5, the last good run); at most 20 % fewer expected',
    );
  });

  it('of a field, of which nothing that is not all is said to be all', () => {
    expect(say({ required_fields: ['price'] }, found(100_000, { price: 99_999 }), usually(1, 99.96))).toBe(
      'price is empty in 1 item of 100,000 (99.9 % filled, 100 % expected; usually 100 %, the median of 10 good runs)',
    );
    expect(say({ min_fill_percent: { title: 90 } }, found(40, { title: 0 }))).toBe(
      'title is empty in 40 items of 40 (0 % filled, 90 % expected)',
    );
  });

  it('of a field that no selector takes: those that there are', () => {
    expect(say({ required_fields: ['prize'] }, found(3))).toBe(
      'no item has a field "prize"; the configuration takes title, price',
    );
  });

  it('of many failures: three, and how many more', () => {
    const expected = { required_fields: ['a', 'b', 'c', 'd', 'e'] };
    const words = say(expected, { items: 1, filled: {}, fields: expected.required_fields });
    expect(words).toMatch(/^a is empty.*; b is empty.*; c is empty.*; and 2 more checks failed$/);
  });
});

it('more items, or fuller fields, never make a run worse', () => {
  const percent = fc.integer({ min: 1, max: 100 });
  const expectations = fc.record({
    min_items: fc.nat(50),
    max_drop_percent: percent,
    min_fill_percent: fc.record({ price: percent }),
  });
  fc.assert(
    fc.property(
      expectations,
      fc.integer({ min: 1, max: 60 }),
      fc.nat(60),
      fc.nat(60),
      (expected, items, price, usual) => {
        const run = found(items, { price: Math.min(items, price) });
        const better = found(items + 1, { price: Math.min(items, price) + 1 });
        const worse = failed(expected, run, usually(usual));
        expect(worse).toEqual(expect.arrayContaining(failed(expected, better, usually(usual))));
        // What it says it found and expected agrees with what it says of it.
        for (const check of checkRun(expected, run, usually(usual)))
          if (check.expected !== null && check.field === null)
            expect(check.passed).toBe(check.found >= check.expected);
      },
    ),
  );
});

it('a median lies in the middle, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values);
      const below = values.filter((value) => value < middle).length;
      const above = values.filter((value) => value > middle).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      expect(median(values.toReversed())).toBe(middle);
    }),
  );
});

it('a job’s expectations override those of its configuration, key by key', () => {
  expect(mergeExpectations({ min_items: 5, allow_empty: true }, { min_items: 9, retry: true })).toEqual({
    min_items: 9,
    allow_empty: true,
  });
  expect(mergeExpectations({ min_items: 5 }, null)).toEqual({ min_items: 5 });
});

it('checks come back from the database unchanged; invalid ones are left out', () => {
  const checks = checkRun({ min_items: 5, required_fields: ['a'] }, found(3), usually(4));
  const foreign = [null, 'too few', { check: 'weather', passed: true }, { check: 'min_items', passed: 'no' }];
  expect(readChecks(JSON.stringify([...foreign, ...checks]))).toEqual(checks);
  expect(readChecks('[]')).toEqual([]);
  for (const text of ['{}', '', '[{"check":"min_items","pas', '\u0000]'])
    expect(readChecks(text)).toEqual([]);
});
