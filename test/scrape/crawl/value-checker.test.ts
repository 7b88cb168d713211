import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldRules, ValueKind } from '../../../src/core/model/value-rules.ts';
import { ValueChecker } from '../../../src/scrape/crawl/value-checker.ts';
import type { Item, JsonValue } from '../../../src/scrape/lib/page.ts';

function check(rows: readonly Item[], fields: Record<string, FieldRules>) {
  const checker = new ValueChecker({
    selectors: {
      a: {
        selector: 'a',
        html: false,
        multiple: true,
        children: { b: { selector: 'b', html: false, multiple: false } },
      },
    },
    expect: { fields },
  });
  const broken = rows.map((row) => checker.check(row).map(({ rule }) => rule));
  return { broken, ...checker.counts() };
}

const KINDS: [ValueKind, JsonValue[], JsonValue[]][] = [
  ['number', [0, -1.5], ['1', true, { amount: 1, currency: null }]],
  ['integer', [0, 3], [0.5, '3']],
  ['boolean', [true, false], ['true', 1]],
  [
    'date',
    ['2026-11-25', '2026-11-25T08:00', '2026-11-25T08:00:00+01:00'],
    ['2026-02-30', '25.11.2026', '2026-11-25T25:00', 2026],
  ],
  ['price', [{ amount: 1, currency: 'EUR' }], [1, '1 EUR', { amount: 1 }]],
  [
    'url',
    ['https://a.example/b?c=d', 'HTTP://a'],
    ['/b', 'ftp://a.example', 'https://a b', 'https://', 'javascript:x'],
  ],
  ['text', ['', 'a'], [1, false, {}]],
];

describe('rules on values', () => {
  it.each(KINDS)('type %s', (type, kept, broken) => {
    expect(
      check(
        [...kept, ...broken].map((v) => ({ v })),
        { v: { type } },
      ).broken,
    ).toEqual([...kept.map(() => []), ...broken.map(() => ['type'])]);
  });

  it('compare prices by their amount, and days by the day as it is written', () => {
    const price = (amount: number) => ({ v: { amount, currency: 'EUR' } });
    expect(check([price(1), price(0.5)], { v: { min: 1 } }).broken).toEqual([[], ['min']]);
    const days = ['2026-11-24', '2026-11-25T23:59:00-11:00', '2026-11-26', 'soon'].map((v) => ({ v }));
    expect(check(days, { v: { min: '2026-11-25', max: '2026-11-25' } }).broken).toEqual([
      ['min'],
      [],
      ['max'],
      ['min', 'max'],
    ]);
    const instants = ['2026-11-25T08:00:00Z', '2026-11-25T09:00:01+01:00'].map((v) => ({ v }));
    expect(check(instants, { v: { max: '2026-11-25T08:00' } }).broken).toEqual([[], ['max']]);
  });

  it('are about each entry of a list, and unique about the whole list', () => {
    const rows = [{ v: ['x', 'y'] }, { v: ['x', 'z'] }, { v: ['x', 'y'] }, { v: [] }];
    expect(check(rows, { v: { one_of: ['x', 'y'], unique: true } }).broken).toEqual([
      [],
      ['one_of'],
      ['unique'],
      [],
    ]);
  });

  it('reach fields within others', () => {
    const rows = [{ a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 3 }, { b: 1 }] }, { a: [] }];
    const found = check(rows, { 'a.b': { unique: true, max: 2 } });
    expect(found.broken).toEqual([[], ['max', 'unique'], []]);
    expect(found.rules[1]?.samples).toEqual([{ row: 2, value: 1, earlier: 1 }]);
  });

  it('name a field that no row has', () => {
    expect(check([{ b: 1 }], { c: { min: 1 }, b: { min: 1 } }).missing).toEqual(['c']);
    expect(check([], { c: { min: 1 } }).missing).toEqual([]);
  });

  it('count as a naive reference does', () => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom<JsonValue>(
        null,
        '',
        'a',
        'ab',
        'b',
        '2',
        '£3',
        true,
        1.5,
        '2026-01-02',
        '2026-01-03T10:00:00Z',
      ),
    );
    const rules = fc.record(
      {
        min: fc.integer({ min: -3, max: 3 }),
        max: fc.integer({ min: -3, max: 3 }),
        one_of: fc.array(fc.constantFrom('a', 'b', 1, 2, true), { minLength: 1, maxLength: 3 }),
        pattern: fc.constantFrom('^a', 'b$', '\\d'),
        unique: fc.boolean(),
        type: fc.constantFrom<ValueKind>('number', 'integer', 'boolean', 'text'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), rules, (values, given) => {
        const found = check(
          values.map((v) => ({ v })),
          { v: given },
        );
        expect(Object.fromEntries(found.rules.map(({ rule, broken }) => [rule, broken]))).toEqual(
          reference(values, given),
        );
        expect(found.broken.map(({ length }) => length).reduce((sum, n) => sum + n, 0)).toBe(
          found.rules.reduce((sum, { broken }) => sum + broken, 0),
        );
      }),
    );
  });
});

function reference(values: readonly JsonValue[], rules: FieldRules): Record<string, number> {
  const present = values.filter((v) => v !== null);
  const amount = (v: JsonValue) =>
    typeof v === 'number'
      ? v
      : typeof v === 'string' && /^£?\d+$/.test(v)
        ? Number(v.replace('£', ''))
        : Number.NaN;
  const count = (isBroken: (v: JsonValue) => boolean) => present.filter(isBroken).length;
  const { min, max, one_of, pattern, unique, type } = rules;
  const of = (v: JsonValue) =>
    type === 'integer' ? Number.isInteger(v) : typeof v === (type === 'text' ? 'string' : type);
  return {
    ...(type !== undefined && { type: count((v) => !of(v)) }),
    ...(min !== undefined && { min: count((v) => !(amount(v) >= Number(min))) }),
    ...(max !== undefined && { max: count((v) => !(amount(v) <= Number(max))) }),
    ...(one_of !== undefined && { one_of: count((v) => !one_of.includes(v as string)) }),
    ...(pattern !== undefined && { pattern: count((v) => !new RegExp(pattern).test(String(v))) }),
    ...(unique === true && { unique: present.length - new Set(present).size }),
  };
}
