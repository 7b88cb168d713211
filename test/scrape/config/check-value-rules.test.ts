import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';

const issuesOf = (expected: string, more = '') =>
  checkConfig(
    `url: "https://a.example/"
item: li
selectors:
  title: b
  price: { selector: i, type: number }
  cost: { selector: i, type: price }
  day: { selector: u, type: date }
  data: "json:$.x"
  by: { selector: p, children: { name: b } }
  page: { page: url }
${more}expect: ${expected}
`,
    'a.yaml',
    {},
  ).map(({ severity, path, message, hint }) => [severity, path, message, hint]);

describe('rules on values that are right', () => {
  it.each([
    '{ fields: { title: { type: url, pattern: "^https", one_of: [a, b] }, price: { type: integer, min: 1, max: 2 } } }',
    '{ fields: { cost: { type: price, min: 0.01 }, day: { type: date, min: 2026-01-01, max: "2026-12-31T10:00:00Z" } } }',
    '{ fields: { data: { type: number, min: 3 }, by: { unique: true }, by.name: { pattern: "^A" }, page: { type: url } } }',
    '{ broken_rows: drop, fields: { price: { max: 3, max_broken_percent: 1 }, day: { max_unread_percent: 0 } } }',
    '{ broken_rows: keep, max_broken_percent: 0.5, fields: { price: { max: 3, max_unread_percent: 2 } } }',
  ])('%s', (expected) => {
    expect(issuesOf(expected)).toEqual([]);
  });

  it('name the columns of a table that its header names', () => {
    const yaml = 'url: "https://a.example/"\ntable: "#p"\nexpect: { fields: { Price (new): { min: 1 } } }\n';
    expect(checkConfig(yaml, 'a.yaml', {})).toEqual([]);
  });

  it('take numbers where data_cleaning makes them', () => {
    expect(
      issuesOf('{ fields: { title: { type: number } } }', 'data_cleaning: { convert_numbers: true }\n'),
    ).toEqual([]);
  });
});

describe('rules on values that are wrong', () => {
  it.each<[string, string, string, string | RegExp]>([
    [
      '{ fields: { prise: { min: 1 } } }',
      'expect.fields.prise',
      'there is no field "prise"',
      'Did you mean "price"?',
    ],
    [
      '{ fields: { price: { mni: 1, max: 2 } } }',
      'expect.fields.price.mni',
      'unknown key "mni"',
      'Did you mean "min"?',
    ],
    ['{ fields: { price: {} } }', 'expect.fields.price', 'has no rule', /min: 0\.01/],
    [
      '{ fields: { price: { min: 3, max: 2 } } }',
      'expect.fields.price.min',
      'min 3 is more than max 2',
      /exchange/,
    ],
    [
      '{ fields: { day: { min: 2026-12-01, max: 2026-11-01 } } }',
      'expect.fields.day.min',
      'min 2026-12-01 is more than max 2026-11-01',
      /exchange/,
    ],
    [
      '{ fields: { data: { min: 1, max: 2026-11-01 } } }',
      'expect.fields.data.max',
      'min is a number, and max is a date',
      /two numbers, or two dates/,
    ],
    [
      '{ fields: { price: { min: soon } } }',
      'expect.fields.price.min',
      'is neither a number nor a date',
      /without quotes/,
    ],
    [
      '{ fields: { day: { min: 2026-02-30 } } }',
      'expect.fields.day.min',
      'is neither a number nor a date',
      /2026-11-25/,
    ],
    [
      '{ fields: { price: { min: [1] } } }',
      'expect.fields.price.min',
      'expected a number, or a date such as 2026-11-25, found a list',
      /.*/,
    ],
    [
      '{ fields: { title: { type: number } } }',
      'expect.fields.title.type',
      'the values of "title" are a text, never number',
      'Add type: number to the field itself, so that its text is read as one.',
    ],
    [
      '{ fields: { price: { type: date } } }',
      'expect.fields.price.type',
      'the values of "price" are of type number, never date',
      /number or integer/,
    ],
    [
      '{ fields: { price: { type: int } } }',
      'expect.fields.price.type',
      /"int" is not one of/ as never,
      /integer/,
    ],
    [
      '{ fields: { day: { min: 3 } } }',
      'expect.fields.day.min',
      'min is a number, and "day" is of type date',
      /Write a date/,
    ],
    [
      '{ fields: { price: { max: 2026-11-01 } } }',
      'expect.fields.price.max',
      'max is a date, and "price" is of type number',
      'Write a number.',
    ],
    [
      '{ fields: { data: { type: text, max: 3 } } }',
      'expect.fields.data.max',
      'max is a number, and type is text',
      /pattern and one_of/,
    ],
    ['{ fields: { by: { min: 3 } } }', 'expect.fields.by.min', /map of fields/ as never, /by\.NAME/],
    [
      '{ fields: { cost: { pattern: a } } }',
      'expect.fields.cost.pattern',
      /of type price/ as never,
      /Remove/,
    ],
    [
      '{ fields: { title: { pattern: "(?=a)" } } }',
      'expect.fields.title.pattern',
      /cannot be read/ as never,
      /look ahead/,
    ],
    [
      '{ fields: { title: { one_of: [] } } }',
      'expect.fields.title.one_of',
      'the list is empty',
      undefined as never,
    ],
    [
      '{ fields: { title: { max_unread_percent: 5 } } }',
      'expect.fields.title.max_unread_percent',
      /neither type nor regex/ as never,
      /title: \{selector/,
    ],
    [
      '{ fields: { price: { min: 1, max_broken_percent: 101 } } }',
      'expect.fields.price.max_broken_percent',
      'must be at most 100',
      undefined as never,
    ],
    ['{ broken_rows: drop }', 'expect.broken_rows', /there are none/ as never, /fields: \{price/],
    [
      '{ broken_rows: drop, fields: { price: { min: 1 } } }',
      'expect.broken_rows',
      'with drop, rows that break a rule of "price" are left out, and none may break one',
      /max_broken_percent: 5/,
    ],
    [
      '{ fields: { price: { one_of: [3, "4"] } } }',
      'expect.fields.price.one_of[1]',
      '"4" is a text, and the values of "price" are of type number',
      'Write it without quotes: 4.',
    ],
    [
      '{ fields: { price: { one_of: [few] } } }',
      'expect.fields.price.one_of[0]',
      '"few" is a text, and the values of "price" are of type number',
      'Write numbers, or remove type: number from the field.',
    ],
    [
      '{ fields: { title: { one_of: [a, 4] } } }',
      'expect.fields.title.one_of[1]',
      '4 is a number, and the values of "title" are texts',
      'Write it in quotes: "4".',
    ],
    [
      '{ fields: { cost: { one_of: [3] } } }',
      'expect.fields.cost.one_of',
      /of type price/ as never,
      /min and max/,
    ],
    [
      '{ fields: { title: { one_of: ["${SECRET}"] } } }',
      'expect.fields.title.one_of[0]',
      'variables are not filled in here',
      /params\.NAME/,
    ],
  ])('%s', (expected, path, message, hint) => {
    const errors = issuesOf(expected).filter(([severity]) => severity === 'error');
    expect(errors).toHaveLength(1);
    const [found] = errors;
    expect(found?.[1]).toBe(path);
    expect(found?.[2]).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
    if (hint !== undefined)
      expect(found?.[3] ?? '').toEqual(typeof hint === 'string' ? hint : expect.stringMatching(hint));
  });
});
