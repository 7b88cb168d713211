import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FILTER_FIELDS } from '../../../../src/core/jobs/filter/filter-terms.ts';
import { parseFilter } from '../../../../src/core/jobs/filter/parse-filter.ts';

/** The terms of a filter without their places. */
const terms = (text: string) =>
  parseFilter(text).terms.map(({ from: _, to: __, negated, ...condition }) =>
    negated ? { not: condition } : condition,
  );
const problems = (text: string) => parseFilter(text).problems.map((problem) => problem.text);

it('takes every word without a field for text, quoted ones with their spaces', () => {
  expect(terms('Book  "All of it" !Old')).toEqual([
    { kind: 'text', text: 'book' },
    { kind: 'text', text: 'all of it' },
    { not: { kind: 'text', text: 'old' } },
  ]);
});

it('knows several states by their words, short forms and other names', () => {
  expect(terms('state:failed,run !state:ok')).toEqual([
    { kind: 'state', states: ['failed', 'running'] },
    { not: { kind: 'state', states: ['ok'] } },
  ]);
  expect(terms('state:active')).toEqual([{ kind: 'state', states: ['running', 'queued', 'retrying'] }]);
});

it('takes a part of a name, and with quotes the whole of it', () => {
  expect(terms('tag:Price,"a, b" host:shop config:none')).toEqual([
    {
      kind: 'name',
      field: 'tag',
      values: [
        { text: 'price', whole: false },
        { text: 'a, b', whole: true },
      ],
    },
    { kind: 'name', field: 'host', values: [{ text: 'shop', whole: false }] },
    { kind: 'none', field: 'config' },
  ]);
});

it('compares times and numbers', () => {
  const HOUR = 3_600_000;
  expect(terms('next<1h last>=2d12h took>90s items<=1k change>-5 fails=2 next:none')).toEqual([
    { kind: 'amount', field: 'next', is: '<', value: HOUR },
    { kind: 'amount', field: 'last', is: '>=', value: 60 * HOUR },
    { kind: 'amount', field: 'took', is: '>', value: 90_000 },
    { kind: 'amount', field: 'items', is: '<=', value: 1000 },
    { kind: 'amount', field: 'change', is: '>', value: -5 },
    { kind: 'amount', field: 'fails', is: '=', value: 2 },
    { kind: 'none', field: 'next' },
  ]);
});

it('filters by who changed a job', () => {
  expect(terms('by:agent,hand by:me')).toEqual([
    { kind: 'by', authors: ['mcp', 'rpc', 'hand'] },
    { kind: 'by', authors: ['tui'] },
  ]);
});

it('addresses and times of the day are text', () => {
  expect(terms('https://shop.example/a 09:30')).toEqual([
    { kind: 'text', text: 'https://shop.example/a' },
    { kind: 'text', text: '09:30' },
  ]);
});

it.each([
  ['state:', 'state: which? invalid, failed'],
  ['state:nope', 'no state is called nope: invalid, failed'],
  ['stat:failed', 'there is no field stat. Did you mean state? As a text: "stat:failed"'],
  ['next<', 'next< what? next<1h'],
  ['next<1', '1 what? next takes a time such as 1m: s, m, h, d or w'],
  ['next<1x', 'next takes a time such as 90s'],
  ['items<many', 'items takes a number such as 100'],
  ['tag<3', 'tag takes names: tag:price'],
  ['tag:', 'tag: which? A part of its name is enough'],
  ['!', 'not what?'],
  ['"open', 'the quote is not closed'],
])('reports an error in %s', (text, words) => {
  expect(problems(text)).toHaveLength(1);
  expect(problems(text)[0]).toContain(words);
});

it('the part that can be understood still filters', () => {
  expect(terms('book state:failed,nope next< "half')).toEqual([
    { kind: 'text', text: 'book' },
    { kind: 'state', states: ['failed'] },
    { kind: 'text', text: 'half' },
  ]);
});

it('a problem stands where it is', () => {
  const text = 'book state:ok,nope';
  const [problem] = parseFilter(text).problems;
  expect(text.slice(problem?.from, problem?.to)).toBe('nope');
});

it('the examples of all fields are right', () => {
  for (const { name, example } of FILTER_FIELDS) {
    expect(problems(example)).toEqual([]);
    expect(example.startsWith(name)).toBe(true);
  }
});

it('any text has a reading, with its terms and problems in place and in order', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom(...'!":,<>= \\', 'state:', 'tag:', 'next<', '1h', 'ok', 'items>=', 'by:me', '  '),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      const filter = parseFilter(text);
      let end = 0;
      for (const { from, to } of filter.terms) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(to).toBeGreaterThan(from);
        end = to;
      }
      for (const { from, to, text: words } of filter.problems) {
        expect(0 <= from && from <= to && to <= text.length).toBe(true);
        expect(words).not.toBe('');
      }
    }),
  );
});
