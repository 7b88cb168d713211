import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChangeCondition,
  type ChangeRules,
  EVERY_CHANGE,
} from '../../../src/core/model/change-rules.ts';
import {
  countedChanges,
  differingFields,
  meetsCondition,
  unreadNumbers,
} from '../../../src/core/quality/counted-changes.ts';

const rules = (some: Partial<ChangeRules>) => countedChanges({ ...EVERY_CHANGE, ...some }, ['id'], []);

function counts(
  condition: ChangeCondition | 'changes',
  before: unknown,
  after: unknown,
  some: Partial<ChangeRules> = {},
) {
  return meetsCondition(
    { id: 1, it: before },
    { id: 1, it: after },
    rules({ when: { it: condition }, ...some }),
  );
}

describe('a condition', () => {
  it.each<[string, ChangeCondition | 'changes', unknown, unknown, boolean]>([
    ['exactly the percentage is enough', { falls_by_percent: 5 }, 100, 95, true],
    ['a little less is not', { falls_by_percent: 5 }, 100, 95.01, false],
    ['the other direction is not', { falls_by_percent: 5 }, 95, 100, false],
    ['prices as texts', { falls_by_percent: 5 }, '£51.77', '£49.10', true],
    ['German prices', { falls_by: 64.95 }, '1.299,00 €', '1.234,05 €', true],
    [
      'prices with their currency',
      { falls_by: 1 },
      { amount: 5, currency: 'GBP' },
      { amount: 4, currency: 'GBP' },
      true,
    ],
    ['amounts that are not exact in binary', { falls_by: 1 }, 19.99, 18.99, true],
    ['small amounts, too', { rises_by: 0.1 }, 0.2, 0.3, true],
    ['a rise', { rises_by_percent: 50 }, 2, 3, true],
    ['more than doubled', { rises_by_percent: 150 }, 2, 5, true],
    ['from nothing', { rises_by_percent: 1_000 }, 0, 1, true],
    ['from nothing, downwards', { rises_by_percent: 1 }, 0, -1, false],
    ['either direction', { changes_by: 2 }, 5, 3, true],
    ['either direction, less', { changes_by_percent: 50 }, 5, 3, false],
    ['negative numbers', { falls_by_percent: 50 }, -10, -15, true],
    ['a limit that is crossed', { falls_below: 20 }, 20, 19.99, true],
    ['a limit that was crossed before', { falls_below: 20 }, 19.99, 15, false],
    ['a limit that is reached only', { rises_above: 20 }, 10, 20, false],
    ['a limit upwards', { rises_above: 20 }, '20', '21 €', true],
    ['a text', { becomes: 'In stock' }, 'Sold out', 'In stock', true],
    ['a text that it was before', { becomes: 'In stock' }, 'In stock', 'In stock', false],
    ['another text', { becomes: 'In stock' }, 'Sold out', 'In stock (3)', false],
    ['true', { becomes: true }, false, true, true],
    ['a number as text', { becomes: 0 }, '£3.00', '£0.00', true],
    ['a part of a text', { contains: 'stock' }, 'Sold out', 'In stock (3)', true],
    ['a part that was there before', { contains: 'stock' }, 'In stock (3)', 'In stock (2)', false],
    ['a part of a list', { contains: 'sale' }, ['new'], ['new', 'sale'], true],
    ['any change', 'changes', 'a', 'b', true],
    ['no change', 'changes', 'a', 'a', false],
    ['one of several conditions', { falls_by: 100, becomes: 4 }, 5, 4, true],
    ['a number that comes', { rises_by: 1 }, null, 7, false],
    ['a number that goes', { falls_by: 1 }, 7, null, false],
    ['a text of two numbers', { falls_by: 1 }, '7 or 8', '1 or 2', false],
  ])('%s', (_name, condition, before, after, expected) => {
    expect(counts(condition, before, after)).toBe(expected);
  });

  it('capitals and white space count unless they are ignored', () => {
    const [before, after] = ['Sold  out ', ' IN   STOCK'];
    expect(counts({ becomes: 'In stock' }, before, after)).toBe(false);
    const both = { ignore_case: true, ignore_whitespace: true };
    expect(counts({ becomes: 'In stock' }, before, after, both)).toBe(true);
    expect(counts({ contains: 'n S' }, before, after, both)).toBe(true);
    expect(counts('changes', 'In stock', ' in\u00a0STOCK', both)).toBe(false);
    expect(counts('changes', { a: ['In stock'] }, { a: ['in stock '] }, both)).toBe(false);
  });

  it('a fall is a rise the other way round, for any numbers', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
    const limit = fc.double({ noNaN: true, min: 1e-3, max: 1e6 });
    fc.assert(
      fc.property(number, number, limit, (from, to, by) => {
        expect(counts({ falls_by: by }, from, to)).toBe(counts({ rises_by: by }, to, from));
        expect(counts({ changes_by: by }, from, to)).toBe(
          counts({ falls_by: by }, from, to) || counts({ rises_by: by }, from, to),
        );
        if (from - to > by * (1 + 1e-9)) expect(counts({ falls_by: by }, from, to)).toBe(true);
        if (from - to < by - 1e-9 * Math.max(Math.abs(from), Math.abs(to), by))
          expect(counts({ falls_by: by }, from, to)).toBe(false);
      }),
    );
  });

  it('says which fields have no number, and not of those that are empty', () => {
    const when = { when: { it: { falls_by: 1 }, stock: { becomes: 'x' } } } as const;
    const unread = (before: unknown, after: unknown) =>
      unreadNumbers({ it: before, stock: 'a' }, { it: after, stock: 'b' }, rules(when));
    expect(unread('£1', 'ask')).toEqual(['it']);
    expect(unread(null, '')).toEqual([]);
    expect(unread('1', 2)).toEqual([]);
  });
});

describe('the fields that differ', () => {
  const before = { id: 1, title: 'A', views: 1, seen: 'x' };
  const after = { id: 1, title: 'a ', views: 2, more: true };

  it('are those that count', () => {
    expect(differingFields(before, after, rules({}))).toEqual(['title', 'views', 'seen', 'more']);
    expect(differingFields(before, after, rules({ ignore: ['views'] }))).toEqual(['title', 'seen', 'more']);
    expect(differingFields(before, after, rules({ when: { views: 'changes' } }))).toEqual(['views']);
    expect(differingFields(before, after, rules({ ignore_case: true, ignore_whitespace: true }))).toEqual([
      ...['views', 'seen', 'more'],
    ]);
  });

  it('a key cannot be ignored, and without a key there are no conditions', () => {
    expect(countedChanges({ ...EVERY_CHANGE, ignore: ['id', 'views'] }, ['id'], ['at']).ignored).toEqual([
      'views',
      'at',
    ]);
    const counted = countedChanges({ ...EVERY_CHANGE, when: { views: 'changes' } }, [], []);
    expect(counted).toMatchObject({ fields: undefined, when: {} });
  });
});
