import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseFilter } from '../../../../../src/core/jobs/filter/parse-filter.ts';
import { completeFilter } from '../../../../../src/tui/features/jobs/filter/complete-filter.ts';
import { jobRow } from '../../../job-rows.ts';

const ROWS = [
  jobRow('books', { tags: ['Price', 'two words'], hosts: ['shop.example'] }),
  jobRow('news', { tags: ['Price'], hosts: ['press.example'], configName: 'press', state: 'failed' }),
];

/** The choices at the end of a text, put in. */
const completed = (text: string) => {
  const { from, to, choices } = completeFilter(text, text.length, ROWS);
  return choices.map((choice) => text.slice(0, from) + choice.text + text.slice(to));
};

it.each([
  ['st', ['state:']],
  ['!ta', ['!tag:']],
  ['a ne', ['a next<']],
  ['state:f', ['state:failed']],
  ['state:ok,fail', ['state:ok,failed']],
  ['tag:p', ['tag:Price']],
  ['tag:wor', ['tag:"two words"']],
  ['tag:"two w', ['tag:"two words"']],
  ['tag:', ['tag:Price', 'tag:"two words"']],
  ['host:example', ['host:press.example', 'host:shop.example']],
  ['config:pr', ['config:press']],
  ['by:ag', ['by:agent']],
  ['next<', ['next<10m', 'next<1h', 'next<1d', 'next<7d']],
  ['items:', ['items:none']],
  ['nope:x', []],
])('%s may become %j', (text, texts) => {
  expect(completed(text)).toEqual(texts);
});

it('with nothing typed all fields are offered, and what each means', () => {
  const { choices } = completeFilter('', 0, ROWS);
  expect(choices.length).toBeGreaterThan(8);
  expect(choices[0]).toEqual({ text: 'state:', hint: expect.stringContaining('one of these states') });
});

it('counts the jobs that have a value', () => {
  expect(completeFilter('tag:', 4, ROWS).choices[0]).toEqual({ text: 'Price', hint: '2 jobs' });
});

it('completes the word that the cursor is in, not the last one', () => {
  expect(completeFilter('st tag:Price', 2, ROWS)).toMatchObject({
    from: 0,
    to: 2,
    choices: [{ text: 'state:' }],
  });
});

it('a completed name has no problem, for any names of jobs', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((text) => !/\p{Cc}/u.test(text) && text.trim() !== '');
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (tags) => {
      const { from, choices } = completeFilter('tag:', 4, [jobRow('a', { tags })]);
      for (const { text } of choices) expect(parseFilter('tag:'.slice(0, from) + text).problems).toEqual([]);
    }),
  );
});
